//! The divider between parameters and results, which can be moved by pointer and by arrow keys.

use session::settings::PANEL;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::html::html;
use crate::app::state::{Action, State};
use crate::app::store::Store;

/// The width of the parameters in the style sheet, in CSS pixels.
const USUAL: u16 = 280;

/// How far an arrow key moves the divider, in CSS pixels.
const STEP: u16 = 16;

/// The divider. The style sheet shows it if there is room for two columns.
pub fn divider(store: &Store, state: &State) -> Html {
    let width = state.settings.panel.unwrap_or(USUAL);
    let set = {
        let store = store.clone();
        move |width: u16| store.dispatch(Action::SetPanel(width))
    };
    let on_down = Callback::from(|event: PointerEvent| {
        // Without capture, the divider moves only while the pointer is over it.
        let _ = event.target_unchecked_into::<HtmlElement>().set_pointer_capture(event.pointer_id());
    });
    let on_move = {
        let set = set.clone();
        Callback::from(move |event: PointerEvent| {
            let divider = event.target_unchecked_into::<HtmlElement>();
            if divider.has_pointer_capture(event.pointer_id()) {
                let left = divider
                    .parent_element()
                    .map_or(0, |bench| bench.get_bounding_client_rect().left() as i32);
                set(u16::try_from(event.client_x() - left).unwrap_or_default());
            }
        })
    };
    let on_key = {
        let store = store.clone();
        move |event: KeyboardEvent| {
            // The current width, since the second of two quick presses may come before the first is rendered.
            let width = store.state().settings.panel.unwrap_or(USUAL);
            match event.key().as_str() {
                "ArrowLeft" => set(width - STEP),
                "ArrowRight" => set(width + STEP),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let on_key = Callback::from(on_key);
    html! { in state.language;
        <div id="divider" class="divider" role="separator" tabindex="0" aria-orientation="vertical"
            aria-label=@"page.divider" aria-valuemin={PANEL.0.to_string()}
            aria-valuemax={PANEL.1.to_string()} aria-valuenow={width.to_string()}
            onpointerdown={on_down} onpointermove={on_move} onkeydown={on_key} />
    }
}
