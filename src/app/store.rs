//! The only holder of the state. The effect of an action is visible as soon as it is dispatched.

use std::cell::RefCell;
use std::rc::Rc;

use yew::Callback;

use super::state::{Action, State};
use super::view::Look;

/// A handle to the page's state. Cheap to clone.
#[derive(Clone)]
pub struct Store(Rc<Inner>);

struct Inner {
    state: RefCell<Rc<State>>,
    listener: RefCell<Option<Callback<Rc<State>>>>,
    lookers: RefCell<Vec<Callback<()>>>,
}

impl PartialEq for Store {
    fn eq(&self, other: &Store) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Store {
    /// A store with this initial state.
    pub fn new(state: State) -> Store {
        Store(Rc::new(Inner {
            state: RefCell::new(Rc::new(state)),
            listener: RefCell::default(),
            lookers: RefCell::default(),
        }))
    }

    /// The current state.
    pub fn state(&self) -> Rc<State> {
        self.0.state.borrow().clone()
    }

    /// Applies an action, then notifies the page.
    pub fn dispatch(&self, action: Action) {
        Rc::make_mut(&mut self.0.state.borrow_mut()).apply(action);
        let listener = self.0.listener.borrow().clone();
        if let Some(listener) = listener {
            listener.emit(self.state());
        }
    }

    /// Changes the view. Only listeners to the view are notified, since this happens at every move of the
    /// pointer.
    pub fn look(&self, look: Look) {
        self.quietly(Action::Look(look));
    }

    /// Applies an action, and notifies only listeners to the view.
    pub fn quietly(&self, action: Action) {
        Rc::make_mut(&mut self.0.state.borrow_mut()).apply(action);
        self.tell_lookers();
    }

    /// Notifies the listeners to the view.
    pub fn tell_lookers(&self) {
        let lookers = self.0.lookers.borrow().clone();
        lookers.iter().for_each(|looker| looker.emit(()));
    }

    /// Adds a listener to the view, until [`Store::off_look`].
    pub fn on_look(&self, looker: Callback<()>) {
        self.0.lookers.borrow_mut().push(looker);
    }

    /// Removes a listener to the view.
    pub fn off_look(&self, looker: &Callback<()>) {
        self.0.lookers.borrow_mut().retain(|one| one != looker);
    }

    /// Sets the listener to all changes but those of the view.
    pub fn listen(&self, listener: Callback<Rc<State>>) {
        self.0.listener.replace(Some(listener));
    }
}
