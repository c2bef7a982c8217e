//! The outcome of sharing: a word if the link is in the clipboard, else the link itself.

use texts::text;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::html::html;
use super::parts::on_click;
use crate::app::state::{Action, Shared, State};
use crate::app::store::Store;

/// The answer to the button. Its place always exists, so that an answer is announced.
pub fn shared(store: &Store, state: &State) -> Html {
    let label = |key: &str| text(state.language, key, &[]);
    let dismiss = on_click(store, || Action::Share(None));
    let select =
        Callback::from(|event: FocusEvent| event.target_unchecked_into::<HtmlInputElement>().select());
    html! {
        <div role="status">
            if let Some(shared) = &state.shared {
                <div id="shared" class="bubble">
                    { match shared {
                        Shared::ByHand { link, is_framed } => html! {
                            <label for="share-link">
                                { label(if *is_framed { "share.framed" } else { "share.by_hand" }) }
                            </label>
                            <input id="share-link" readonly={true} value={link.clone()} onfocus={select} />
                        },
                        Shared::Copied => html! { in state.language; <span>@"share.copied"</span> },
                    } }
                    { super::notices::close(state.language, dismiss) }
                </div>
            }
        </div>
    }
}
