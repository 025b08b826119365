//! Who a session is.
//!
//! Invariant: `free_at` is a version of the store at which every command of this session was allowed; so while the
//! store has that version there is nothing to check.

use super::store::Store;
use super::user::User;
use std::sync::Arc;

/// See the module's story.
#[derive(Clone, Debug)]
pub struct Identity {
    /// `None` for the owner of the process, who may do everything.
    user: Option<Arc<User>>,
    /// It said who it is, or needed not when it came.
    authenticated: bool,
    /// The version of the store at which `user` was found.
    seen: u64,
    free_at: u64,
}

/// The user of a session was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

impl Identity {
    /// Who owns the process and asks nobody.
    #[must_use]
    pub const fn owner() -> Self {
        Self { user: None, authenticated: true, seen: 0, free_at: 0 }
    }

    /// Who comes over the network.
    #[must_use]
    pub fn arriving(store: &Store) -> Self {
        let mut identity = Self::owner();
        identity.reset(store);
        identity
    }

    /// Back to how it came.
    pub fn reset(&mut self, store: &Store) {
        // The version first: a change in between is seen again.
        self.seen = store.version();
        self.user = Some(store.default_user());
        self.authenticated = store.open();
        self.free_at = 0;
    }

    /// It is this user from now on.
    pub fn become_user(&mut self, user: Arc<User>) {
        *self = Self { user: Some(user), authenticated: true, seen: 0, free_at: 0 };
    }

    /// Whether it said who it is.
    #[must_use]
    pub fn authenticated(&self) -> bool {
        self.authenticated
    }

    /// Whether it has to say who it is before it may do anything else.
    #[must_use]
    pub fn must_authenticate(&self, store: &Store) -> bool {
        !self.authenticated && !store.open()
    }

    /// The user it is; `None` for the owner.
    #[must_use]
    pub fn user(&self) -> Option<&Arc<User>> {
        self.user.as_ref()
    }

    /// Whether all is allowed, as far as is known: one comparison.
    #[inline]
    #[must_use]
    pub fn is_free(&self, store: &Store) -> bool {
        self.free_at == store.version()
    }

    /// Looks again what the user is now.
    ///
    /// # Errors
    /// The user is no more. The session then is the default user's, not authenticated.
    pub fn refresh(&mut self, store: &Store) -> Result<(), Gone> {
        let version = store.version();
        if self.seen != version
            && let Some(user) = &mut self.user
        {
            match store.get(&user.name).filter(|now| now.id() == user.id()) {
                Some(now) => *user = now,
                None => {
                    self.reset(store);
                    self.authenticated = false;
                    return Err(Gone);
                }
            }
            self.seen = version;
        }
        let unrestricted = self.user.as_ref().is_none_or(|user| user.unrestricted());
        self.free_at = if unrestricted && !self.must_authenticate(store) { version } else { 0 };
        Ok(())
    }
}
