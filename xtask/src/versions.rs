//! Reads which version of a tool is wanted, from files of the project, and which version a program has, from
//! its output.
//!
//! It must not know what the tools are for, and runs nothing.

/// The version of a package, given the text of a Cargo.lock; `None` if it is not in it.
pub fn locked(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    lock.lines().skip_while(|line| *line != name).nth(1)?.strip_prefix("version = ").map(unquoted)
}

/// The value of a key, given the text of a TOML file that has the key on a line of its own; `None` if it has
/// not.
pub fn setting(toml: &str, key: &str) -> Option<String> {
    toml.lines()
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == key)
        .map(|(_, value)| unquoted(value.trim()))
}

/// Whether the output of `program --version` (`trunk 0.21.14`) names exactly this version.
pub fn is(printed: &str, version: &str) -> bool {
    printed.split_whitespace().any(|word| word == version)
}

fn unquoted(value: &str) -> String {
    value.trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = include_str!("../../Cargo.lock");
    const TRUNK: &str = include_str!("../../Trunk.toml");

    #[test]
    fn reads_a_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked(lock, "wasm"), None);
    }

    #[test]
    fn reads_a_setting() {
        let toml = "# key = \"no\"\n[tools]\nwasm_opt = \"version_132\"\n";
        assert_eq!(setting(toml, "wasm_opt").as_deref(), Some("version_132"));
        assert_eq!(setting(toml, "wasm"), None);
    }

    #[test]
    fn compares_whole_versions() {
        assert!(is("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(is("wasm-opt version 132 (version_132)", "132"));
        assert!(!is("wasm-bindgen 0.2.130", "0.2.13"));
    }

    #[test]
    fn the_project_names_every_version() {
        assert!(locked(LOCK, "wasm-bindgen").is_some());
        assert!(setting(TRUNK, "trunk-version").is_some_and(|version| version.starts_with('=')));
        assert!(setting(TRUNK, "wasm_opt").is_some_and(|version| version.starts_with("version_")));
    }
}
