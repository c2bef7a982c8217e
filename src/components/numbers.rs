//! The tab with all metrics: a table to read and to copy.

use texts::text;
use yew::prelude::*;

use super::html::html;
use super::parts::{Markup, button};
use crate::app::copy::copy;
use crate::app::state::State;
use crate::app::store::Store;
use crate::app::table::{Table, csv, markdown, table};
use crate::app::tabs::Copied;

/// The table, with buttons to copy it.
pub fn numbers(store: &Store, state: &State) -> Html {
    let label = |key: &str| text(state.language, key, &[]);
    let copying = |key: &str, write: fn(&State) -> String| {
        let store = store.clone();
        button(label(key), None, move || copy(&store, write(&store.state())))
    };
    html! { in state.language;
        <>
            <div class="panel-head">
                { copying("copy.csv", csv) }
                { copying("copy.markdown", markdown) }
                <span class="note" role="status">
                    { for (state.tabs.copied == Some(Copied::Done)).then(|| label("copy.done")) }
                </span>
            </div>
            if let Some(Copied::Refused(text)) = &state.tabs.copied {
                <label class="refused">
                    <span>@"copy.refused"</span>
                    <textarea readonly=true rows="6" value={text.to_string()} />
                </label>
            }
            <div class="scroll" tabindex="0" role="region" aria-label=@"tab.numbers">
                { drawn(&table(state)) }
            </div>
        </>
    }
}

/// The table. A strategy's name is the heading of its line.
fn drawn(table: &Table) -> Html {
    let mut markup = Markup::default();
    markup.add(&["<table><thead><tr>"]);
    for name in &table.head {
        markup.text("<th scope=\"col\">", name, "</th>");
    }
    markup.add(&["</tr></thead><tbody>"]);
    for cells in &table.lines {
        markup.add(&["<tr>"]);
        for (index, cell) in cells.iter().enumerate() {
            let (start, end) = match (index, cell.is_fault) {
                (0, _) => ("<th scope=\"row\">", "</th>"),
                (_, true) => ("<td class=\"fault\">", "</td>"),
                (_, false) => ("<td>", "</td>"),
            };
            markup.text(start, &cell.text, end);
        }
        markup.add(&["</tr>"]);
    }
    markup.add(&["</tbody></table>"]);
    markup.html()
}
