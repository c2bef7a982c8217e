//! The tab with all the numbers: a table, to be read and to be copied.

use yew::prelude::*;

use crate::app::copy::copy;
use crate::app::state::State;
use crate::app::store::Store;
use crate::app::table::{Cell, csv, markdown, table};
use crate::app::tabs::Copied;
use crate::i18n::text;

/// The table, with what copies it.
pub fn numbers(store: &Store, state: &State) -> Html {
    let label = |key: &str| text(state.language, key, &[]);
    let table = table(state);
    let button = |key: &str, write: fn(&State) -> String| {
        let store = store.clone();
        let on_click = Callback::from(move |_| copy(&store, write(&store.state())));
        html! { <button class="quiet" onclick={on_click}>{ label(key) }</button> }
    };
    html! {
        <>
            <div class="panel-head">
                { button("copy.csv", csv) }
                { button("copy.markdown", markdown) }
                <span class="note" role="status">
                    { for (state.tabs.copied == Some(Copied::Done)).then(|| label("copy.done")) }
                </span>
            </div>
            if let Some(Copied::Refused(text)) = &state.tabs.copied {
                <label class="refused">
                    <span>{ label("copy.refused") }</span>
                    <textarea readonly=true rows="6" value={text.to_string()} />
                </label>
            }
            <div class="scroll" tabindex="0" role="region" aria-label={label("tab.numbers")}>
                <table>
                    <thead>
                        <tr>{ for table.head.iter().map(|name| html! { <th scope="col">{ name }</th> }) }</tr>
                    </thead>
                    <tbody>{ for table.lines.iter().map(|cells| line(cells)) }</tbody>
                </table>
            </div>
        </>
    }
}

/// A line of the table; the strategy's name is its head.
fn line(cells: &[Cell]) -> Html {
    let Some((name, numbers)) = cells.split_first() else { return Html::default() };
    html! {
        <tr>
            <th scope="row">{ &name.text }</th>
            { for numbers.iter().map(|cell| html! {
                <td class={cell.is_fault.then_some("fault")}>{ &cell.text }</td>
            }) }
        </tr>
    }
}
