//! What follows from where a lab's files are: [`strategy!`](crate::strategy), and the names that it derives
//! from paths.
//!
//! `src/dishes/more_dryers.rs` holds the strategy `more-dryers` of the lab `dishes`. Knows paths only.

/// The strategy in the file of this module, next to the file that calls the macro.
///
/// `strategy!(more_dryers, Kitchen::new)` calls `more_dryers::run(Kitchen::new(rt, values))`. Where that is
/// not enough, `strategy!(timers, |rt, values| …)` takes an expression for the future to run; the future
/// returns nothing.
#[macro_export]
macro_rules! strategy {
    ($module:ident, $prepare:path) => {
        $crate::strategy!($module, |rt, values| $module::run($prepare(rt, values)))
    };
    ($module:ident, |$rt:ident, $values:ident| $future:expr) => {{
        const FILE: &str = file!();
        const MODULE: &str = stringify!($module);
        const LAB: &str = $crate::folder::name(FILE);
        const LAB_ID: [u8; LAB.len()] = $crate::folder::id(LAB);
        const ID: [u8; MODULE.len()] = $crate::folder::id(MODULE);
        const SOURCE: [u8; $crate::folder::source_len(FILE, MODULE)] = $crate::folder::source(FILE, MODULE);
        $crate::Strategy::new(
            $crate::folder::text(&LAB_ID),
            $crate::folder::text(&ID),
            $crate::folder::text(&SOURCE),
            &|$rt: &engine::Runtime, $values: &$crate::Values| -> engine::Work { Box::pin($future) },
        )
    }};
}

const fn is_separator(byte: u8) -> bool {
    byte == b'/' || byte == b'\\'
}

/// Where the file's own name starts within its path.
const fn start_of_name(file: &str) -> usize {
    let mut start = file.len();
    while start > 0 && !is_separator(file.as_bytes()[start - 1]) {
        start -= 1;
    }
    start
}

/// The name of the folder that holds a file.
pub const fn name(file: &str) -> &str {
    let folder = file.split_at(start_of_name(file) - 1).0;
    folder.split_at(start_of_name(folder)).1
}

/// The id for a Rust name: `more-dryers` for `more_dryers`.
pub const fn id<const N: usize>(name: &str) -> [u8; N] {
    let mut id = [0; N];
    let mut index = 0;
    while index < N {
        let byte = name.as_bytes()[index];
        id[index] = if byte == b'_' { b'-' } else { byte };
        index += 1;
    }
    id
}

const EXTENSION: &[u8] = b".rs";

/// The length of the path that [`source`] makes, in bytes.
pub const fn source_len(file: &str, module: &str) -> usize {
    start_of_name(file) + module.len() + EXTENSION.len()
}

/// The path of the file of a module next to `file`, written as the compiler writes it.
pub const fn source<const N: usize>(file: &str, module: &str) -> [u8; N] {
    let (folder, mut path, mut index) = (start_of_name(file), [0; N], 0);
    while index < N {
        path[index] = if index < folder {
            file.as_bytes()[index]
        } else if index < folder + module.len() {
            module.as_bytes()[index - folder]
        } else {
            EXTENSION[index - folder - module.len()]
        };
        index += 1;
    }
    path
}

/// Bytes of [`id`] or [`source`] as text. Fails to compile if they are not UTF-8.
pub const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("a path that is not UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_paths() {
        for (file, path) in [
            ("crates/labs/src/one_lab/mod.rs", "crates/labs/src/one_lab/a_way.rs"),
            ("crates\\labs\\src\\one_lab\\mod.rs", "crates\\labs\\src\\one_lab\\a_way.rs"),
        ] {
            assert_eq!(name(file), "one_lab");
            assert_eq!(source_len(file, "a_way"), path.len());
            assert_eq!(&source::<32>(file, "a_way"), path.as_bytes());
        }
        assert_eq!(&id::<7>("one_lab"), b"one-lab");
    }
}
