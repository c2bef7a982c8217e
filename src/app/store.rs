//! The one place where the state lives. Whoever dispatches an action sees its effect at once.

use std::cell::RefCell;
use std::rc::Rc;

use yew::Callback;

use super::state::{Action, State};
use super::view::Look;

/// A cheap-clone handle to the page's state.
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
    /// A store that begins with `state`.
    pub fn new(state: State) -> Store {
        Store(Rc::new(Inner {
            state: RefCell::new(Rc::new(state)),
            listener: RefCell::default(),
            lookers: RefCell::default(),
        }))
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

    /// Looks at something else: only who shows that is told, for it happens with every move of the pointer.
    pub fn look(&self, look: Look) {
        self.quietly(Action::Look(look));
    }

    /// Does what the action says, and tells only who shows the view.
    pub fn quietly(&self, action: Action) {
        Rc::make_mut(&mut self.0.state.borrow_mut()).apply(action);
        self.tell_lookers();
    }

    /// Who shows the view is told that there is something new.
    pub fn tell_lookers(&self) {
        let lookers = self.0.lookers.borrow().clone();
        lookers.iter().for_each(|looker| looker.emit(()));
    }

    /// Who is told of every change of the view, until [`Store::off_look`].
    pub fn on_look(&self, looker: Callback<()>) {
        self.0.lookers.borrow_mut().push(looker);
    }

    /// Who is no longer told.
    pub fn off_look(&self, looker: &Callback<()>) {
        self.0.lookers.borrow_mut().retain(|one| one != looker);
    }

    /// Who is told of every change.
    pub fn listen(&self, listener: Callback<Rc<State>>) {
        self.0.listener.replace(Some(listener));
    }
}
