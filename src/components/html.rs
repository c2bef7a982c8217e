//! An `html!` with the notation of Yew's, at a fraction of its size. Knows nodes, not what is shown.
//!
//! Yew's macro makes some 400 bytes of wasm per tag. This one puts everything fixed into strings, which a
//! [`Writer`] reads, and calls the writer only for what changes. The nodes are Yew's, so keys, listeners, and
//! `value` and `checked` of inputs mean what they always do. Two things differ: `for` and `if` make a list in
//! a single place, whatever its length, so that its neighbours stay in their places; and a component is
//! written with `yew::html!`. One thing is new: `html! { in language; <p>@"page.note"</p> }` looks up the
//! texts of keys that follow an `@`.

use texts::{Language, text};
use wasm_bindgen::JsCast;
use web_sys::Event;
use yew::virtual_dom::{Key, Listener, ListenerKind, VList, VNode, VTag, VText};
use yew::{AttrValue, Callback, Html, NodeRef};

/// Markup as virtual nodes.
macro_rules! html {
    // Fixed pieces are collected in brackets, a line for each (see `Writer::fixed`), until something else
    // comes.
    (@flush $to:ident []) => {};
    (@flush $to:ident [$($fixed:tt)+]) => { $to.fixed(concat!($($fixed)+)); };

    (@nodes $to:ident $fixed:tt) => { html!(@flush $to $fixed); };
    (@nodes $to:ident [$($fixed:tt)*] < > $($rest:tt)*) => {
        html!(@nodes $to [$($fixed)* "<\n",] $($rest)*);
    };
    (@nodes $to:ident [$($fixed:tt)*] < / $($name:ident)? > $($rest:tt)*) => {
        html!(@nodes $to [$($fixed)* "/\n",] $($rest)*);
    };
    (@nodes $to:ident [$($fixed:tt)*] < $name:ident $($rest:tt)*) => {
        html!(@tag $to [$($fixed)* "<", stringify!($name), "\n",] $($rest)*);
    };
    (@nodes $to:ident [$($fixed:tt)*] { $text:literal } $($rest:tt)*) => {
        html!(@nodes $to [$($fixed)* "'", $text, "\n",] $($rest)*);
    };
    (@nodes $to:ident [$($fixed:tt)*] @ $key:literal $($rest:tt)*) => {
        html!(@nodes $to [$($fixed)* "@", $key, "\n",] $($rest)*);
    };
    (@nodes $to:ident $fixed:tt { for $($each:tt)* } $($rest:tt)*) => {
        html!(@flush $to $fixed);
        $to.each({ $($each)* });
        html!(@nodes $to [] $($rest)*);
    };
    (@nodes $to:ident $fixed:tt { $($child:tt)* } $($rest:tt)*) => {
        html!(@flush $to $fixed);
        $crate::components::html::Child::write({ $($child)* }, &mut $to);
        html!(@nodes $to [] $($rest)*);
    };
    (@nodes $to:ident [$($fixed:tt)*] if $($rest:tt)*) => {
        html!(@flush $to [$($fixed)* "<\n",]);
        html!(@if $to [] $($rest)*);
    };

    (@if $to:ident [$($condition:tt)*] { $($then:tt)* } else { $($or:tt)* } $($rest:tt)*) => {
        if $($condition)* { html!(@nodes $to [] $($then)*); } else { html!(@nodes $to [] $($or)*); }
        html!(@nodes $to ["/\n",] $($rest)*);
    };
    (@if $to:ident [$($condition:tt)*] { $($then:tt)* } $($rest:tt)*) => {
        if $($condition)* { html!(@nodes $to [] $($then)*); }
        html!(@nodes $to ["/\n",] $($rest)*);
    };
    (@if $to:ident [$($condition:tt)*] $next:tt $($rest:tt)*) => {
        html!(@if $to [$($condition)* $next] $($rest)*);
    };

    (@tag $to:ident $fixed:tt > $($rest:tt)*) => { html!(@nodes $to $fixed $($rest)*); };
    (@tag $to:ident [$($fixed:tt)*] / > $($rest:tt)*) => { html!(@nodes $to [$($fixed)* "/\n",] $($rest)*); };
    (@tag $to:ident $fixed:tt { $name:ident } $($rest:tt)*) => {
        html!(@tag $to $fixed $name = { $name } $($rest)*);
    };
    (@tag $to:ident $fixed:tt key = { $($key:tt)* } $($rest:tt)*) => {
        html!(@flush $to $fixed);
        $to.key({ $($key)* }.into());
        html!(@tag $to [] $($rest)*);
    };
    (@tag $to:ident $fixed:tt ref = { $($node:tt)* } $($rest:tt)*) => {
        html!(@flush $to $fixed);
        $to.reference({ $($node)* });
        html!(@tag $to [] $($rest)*);
    };
    (@tag $to:ident $fixed:tt checked = { $($is:tt)* } $($rest:tt)*) => {
        html!(@flush $to $fixed);
        $to.checked({ $($is)* });
        html!(@tag $to [] $($rest)*);
    };
    (@tag $to:ident $fixed:tt onchange = $($rest:tt)*) => { html!(@on $to $fixed onchange Event $($rest)*); };
    (@tag $to:ident $fixed:tt onclick = $($rest:tt)*) => { html!(@on $to $fixed onclick MouseEvent $($rest)*); };
    (@tag $to:ident $fixed:tt onfocus = $($rest:tt)*) => { html!(@on $to $fixed onfocus FocusEvent $($rest)*); };
    (@tag $to:ident $fixed:tt oninput = $($rest:tt)*) => { html!(@on $to $fixed oninput InputEvent $($rest)*); };
    (@tag $to:ident $fixed:tt onkeydown = $($rest:tt)*) => { html!(@on $to $fixed onkeydown KeyboardEvent $($rest)*); };
    (@tag $to:ident $fixed:tt onpointerdown = $($rest:tt)*) => { html!(@on $to $fixed onpointerdown PointerEvent $($rest)*); };
    (@tag $to:ident $fixed:tt onpointerleave = $($rest:tt)*) => { html!(@on $to $fixed onpointerleave PointerEvent $($rest)*); };
    (@tag $to:ident $fixed:tt onpointermove = $($rest:tt)*) => { html!(@on $to $fixed onpointermove PointerEvent $($rest)*); };
    (@tag $to:ident $fixed:tt onsubmit = $($rest:tt)*) => { html!(@on $to $fixed onsubmit SubmitEvent $($rest)*); };
    (@tag $to:ident [$($fixed:tt)*] $name:ident $(- $more:ident)* = $value:literal $($rest:tt)*) => {
        html!(@tag $to [$($fixed)* stringify!($name), $("-", stringify!($more),)* "=", $value, "\n",] $($rest)*);
    };
    (@tag $to:ident [$($fixed:tt)*] $name:ident $(- $more:ident)* = @ $key:literal $($rest:tt)*) => {
        html!(@tag $to [$($fixed)* "@", stringify!($name), $("-", stringify!($more),)* "=", $key, "\n",] $($rest)*);
    };
    (@tag $to:ident $fixed:tt $name:ident $(- $more:ident)* = { $($value:tt)* } $($rest:tt)*) => {
        html!(@flush $to $fixed);
        $crate::components::html::Value::write(
            { $($value)* }, concat!(stringify!($name) $(, "-", stringify!($more))*), &mut $to,
        );
        html!(@tag $to [] $($rest)*);
    };

    (@on $to:ident $fixed:tt $event:ident $type:ident { $($callback:tt)* } $($rest:tt)*) => {
        html!(@flush $to $fixed);
        $to.listen::<web_sys::$type>(yew::virtual_dom::ListenerKind::$event, { $($callback)* });
        html!(@tag $to [] $($rest)*);
    };

    (in $language:expr; $($markup:tt)*) => {{
        let mut to = $crate::components::html::Writer::new(Some($language));
        html!(@nodes to [] $($markup)*);
        to.html()
    }};
    ($($markup:tt)*) => {{
        let mut to = $crate::components::html::Writer::new(None);
        html!(@nodes to [] $($markup)*);
        to.html()
    }};
}
pub(crate) use html;

/// Writes nodes one after another. Its methods are not inlined, since they are called from everywhere.
pub struct Writer {
    language: Option<Language>,
    /// The complete nodes within the innermost open one.
    nodes: Vec<VNode>,
    open: Vec<Open>,
}

/// A tag or, without one, a list; with the nodes before it.
struct Open {
    tag: Option<VTag>,
    before: Vec<VNode>,
}

impl Writer {
    /// The language of texts that the markup names by their keys.
    #[inline(never)]
    pub fn new(language: Option<Language>) -> Writer {
        Writer { language, nodes: Vec::new(), open: Vec::new() }
    }

    /// Writes fixed markup, a line for each piece: `<name` opens an element and `<` a list, `name=value` is
    /// an attribute of the element just opened, `'text` is a text, `@key` and `@name=key` are a text and an
    /// attribute by key, and `/` closes.
    #[inline(never)]
    pub fn fixed(&mut self, markup: &'static str) {
        for piece in markup.split_terminator('\n') {
            match piece.split_at(1) {
                ("<", name) => self.start(name),
                ("'", text) => self.nodes.push(VText::new(text).into()),
                ("/", _) => self.end(),
                ("@", keyed) => match keyed.split_once('=') {
                    Some((name, key)) => self.owned(name, self.look_up(key)),
                    None => self.text(self.look_up(keyed)),
                },
                _ => {
                    let (name, value) = piece.split_once('=').unwrap_or_default();
                    self.attribute(name, AttrValue::Static(value));
                }
            }
        }
    }

    fn start(&mut self, name: &'static str) {
        let tag = (!name.is_empty()).then(|| VTag::new(name));
        self.open.push(Open { tag, before: std::mem::take(&mut self.nodes) });
    }

    #[inline(never)]
    fn end(&mut self) {
        let Some(Open { tag, before }) = self.open.pop() else { return };
        let inner = std::mem::replace(&mut self.nodes, before);
        let node = match tag {
            None => list(inner),
            Some(mut tag) => {
                if let Some(children) = tag.children_mut() {
                    *children = one_of(inner);
                }
                tag.into()
            }
        };
        self.nodes.push(node);
    }

    #[inline(never)]
    fn look_up(&self, key: &str) -> String {
        debug_assert!(self.language.is_some(), "{key}: in which language?");
        self.language.map_or_else(String::new, |language| text(language, key, &[]))
    }

    fn tag(&mut self) -> Option<&mut VTag> {
        self.open.last_mut()?.tag.as_mut()
    }

    #[inline(never)]
    fn attribute(&mut self, name: &'static str, value: AttrValue) {
        match self.tag() {
            // The value that was typed is not an attribute.
            Some(tag) if name == "value" && matches!(tag.tag(), "input" | "textarea") => tag.set_value(value),
            Some(tag) => tag.add_attribute(name, value),
            None => {}
        }
    }

    fn property(&mut self, name: &'static str, value: bool) {
        if let Some(tag) = self.tag() {
            tag.add_property(name, value);
        }
    }

    #[inline(never)]
    fn owned(&mut self, name: &'static str, value: String) {
        self.attribute(name, value.into());
    }

    #[inline(never)]
    fn text(&mut self, text: String) {
        self.nodes.push(VText::new(text).into());
    }

    #[inline(never)]
    fn node(&mut self, node: VNode) {
        self.nodes.push(node);
    }

    /// The key that distinguishes the element from its neighbours.
    #[inline(never)]
    pub fn key(&mut self, key: Key) {
        if let Some(tag) = self.tag() {
            tag.key = Some(key);
        }
    }

    /// The reference through which the element can be used.
    pub fn reference(&mut self, node: NodeRef) {
        if let Some(tag) = self.tag() {
            tag.node_ref = node;
        }
    }

    /// Whether the box is ticked.
    #[inline(never)]
    pub fn checked(&mut self, is_checked: bool) {
        if let Some(tag) = self.tag() {
            tag.set_checked(is_checked);
        }
    }

    /// Adds a listener to the element.
    #[inline(never)]
    pub fn listen<E: JsCast + 'static>(&mut self, kind: ListenerKind, callback: Callback<E>) {
        if let Some(tag) = self.tag() {
            tag.add_listener(std::rc::Rc::new(Heard { kind, callback }));
        }
    }

    /// Adds a list, as one child.
    pub fn each<C: Child>(&mut self, children: impl IntoIterator<Item = C>) {
        self.start("");
        children.into_iter().for_each(|child| child.write(self));
        self.end();
    }

    /// The written nodes.
    #[inline(never)]
    pub fn html(self) -> Html {
        debug_assert!(self.open.is_empty(), "something is not closed");
        one_of(self.nodes)
    }
}

fn list(nodes: Vec<VNode>) -> VNode {
    VList::with_children(nodes, None).into()
}

fn one_of(mut nodes: Vec<VNode>) -> VNode {
    if nodes.len() == 1 { nodes.remove(0) } else { list(nodes) }
}

/// What can be put between tags.
pub trait Child {
    /// Adds it to the innermost open node.
    fn write(self, to: &mut Writer);
}

impl Child for Html {
    fn write(self, to: &mut Writer) {
        to.node(self);
    }
}

impl Child for String {
    fn write(self, to: &mut Writer) {
        to.text(self);
    }
}

impl Child for &str {
    fn write(self, to: &mut Writer) {
        to.text(self.to_string());
    }
}

/// What can be the value of an attribute. An attribute without a value is left out.
pub trait Value {
    /// Adds it to the element just opened.
    fn write(self, name: &'static str, to: &mut Writer);
}

impl Value for &'static str {
    fn write(self, name: &'static str, to: &mut Writer) {
        to.attribute(name, AttrValue::Static(self));
    }
}

impl Value for String {
    fn write(self, name: &'static str, to: &mut Writer) {
        to.owned(name, self);
    }
}

impl Value for bool {
    fn write(self, name: &'static str, to: &mut Writer) {
        // Once an option was picked, browsers ignore its attribute.
        if name == "selected" {
            to.property(name, self);
        } else if self {
            to.attribute(name, AttrValue::Static(name));
        }
    }
}

impl<V: Value> Value for Option<V> {
    fn write(self, name: &'static str, to: &mut Writer) {
        if let Some(value) = self {
            value.write(name, to);
        }
    }
}

/// A callback, as Yew's listeners are.
struct Heard<E> {
    kind: ListenerKind,
    callback: Callback<E>,
}

impl<E: JsCast + 'static> Listener for Heard<E> {
    fn kind(&self) -> ListenerKind {
        self.kind.clone()
    }

    fn handle(&self, event: Event) {
        self.callback.emit(event.unchecked_into());
    }

    fn passive(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use gloo_timers::future::TimeoutFuture;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
    use yew::{Html, Properties, component};

    wasm_bindgen_test_configure!(run_in_browser);

    #[derive(Clone, PartialEq, Properties)]
    struct Props {
        count: usize,
    }

    #[component]
    fn Shown(props: &Props) -> Html {
        let count = props.count;
        let row = |number: usize| html! { <li key={number.to_string()}>{ number.to_string() }</li> };
        html! {
            <ul class="rows" aria-label={format!("{count} rows")} hidden={count == 0}>{ for (0..count).map(row) }</ul>
            if count > 1 { <b>{"many"}</b> } else { <i>{"few"}</i> }
            <input type="number" value={count.to_string()} />
            <p>{ "a < b & " }<br/>{ count.to_string() }</p>
        }
    }

    #[wasm_bindgen_test]
    async fn markup_becomes_what_it_says_and_stays_in_its_place() {
        let document = web_sys::window().and_then(|window| window.document()).expect("a page");
        let root = document.create_element("div").expect("an element");
        let mut app = yew::Renderer::<Shown>::with_root_and_props(root.clone(), Props { count: 2 }).render();
        TimeoutFuture::new(50).await;
        assert_eq!(
            root.inner_html(),
            concat!(
                "<ul class=\"rows\" aria-label=\"2 rows\"><li>0</li><li>1</li></ul><b>many</b>",
                "<input type=\"number\"><p>a &lt; b &amp; <br>2</p>"
            )
        );
        let before = root.query_selector("input").ok().flatten().expect("an input");

        app.update(Props { count: 0 });
        TimeoutFuture::new(50).await;
        assert_eq!(
            root.inner_html(),
            concat!(
                "<ul class=\"rows\" aria-label=\"0 rows\" hidden=\"hidden\"></ul><i>few</i>",
                "<input type=\"number\"><p>a &lt; b &amp; <br>0</p>"
            )
        );
        let after = root.query_selector("input").ok().flatten().expect("an input");
        assert!(before == after, "what comes after a list stays the same element");
    }
}
