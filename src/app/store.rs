//! The one place where the state lives. Whoever dispatches an action sees its effect at once.

use std::cell::RefCell;
use std::rc::Rc;

use yew::Callback;

use super::state::{Action, State};

/// A cheap-clone handle to the page's state.
#[derive(Clone)]
pub struct Store(Rc<Inner>);

struct Inner {
    state: RefCell<Rc<State>>,
    listener: RefCell<Option<Callback<Rc<State>>>>,
}

impl PartialEq for Store {
    fn eq(&self, other: &Store) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Store {
    /// A store that begins with `state`.
    pub fn new(state: State) -> Store {
        Store(Rc::new(Inner { state: RefCell::new(Rc::new(state)), listener: RefCell::default() }))
    }

    /// The state as it is now.
    pub fn state(&self) -> Rc<State> {
        self.0.state.borrow().clone()
    }

    /// Does what the action says, then tells the page.
    pub fn dispatch(&self, action: Action) {
        Rc::make_mut(&mut self.0.state.borrow_mut()).apply(action);
        let listener = self.0.listener.borrow().clone();
        if let Some(listener) = listener {
            listener.emit(self.state());
        }
    }

    /// Who is told of every change.
    pub fn listen(&self, listener: Callback<Rc<State>>) {
        self.0.listener.replace(Some(listener));
    }
}
