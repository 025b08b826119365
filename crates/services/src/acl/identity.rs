//! The user of a session.
//!
//! Invariant: `free_at` is a version of the store at which every command of this session was allowed. While the store
//! has that version, no check is needed.

use super::store::Store;
use super::user::User;
use std::sync::Arc;

/// The user of a session, as of one version of the store.
#[derive(Clone, Debug)]
pub struct Identity {
    /// `None` for the owner of the process, which may do everything.
    user: Option<Arc<User>>,
    /// The session started as the owner, and becomes the owner again after RESET.
    owner: bool,
    /// The session authenticated, or did not need to when it connected.
    authenticated: bool,
    /// The version of the store at which `user` was looked up; 0 forces a new look-up.
    seen: u64,
    /// `seen` if every command is allowed; otherwise 0.
    free_at: u64,
}

/// The user of a session was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserDeleted;

impl Identity {
    /// The owner of the process, which needs no permissions.
    #[must_use]
    pub const fn owner() -> Self {
        Self { user: None, owner: true, authenticated: true, seen: 0, free_at: 0 }
    }

    /// A client that connects over the network.
    #[must_use]
    pub fn arriving(store: &Store) -> Self {
        let mut identity = Self { owner: false, ..Self::owner() };
        identity.reset(store);
        identity
    }

    /// Restores the initial state.
    pub fn reset(&mut self, store: &Store) {
        if self.owner {
            *self = Self::owner();
            return;
        }
        self.user = Some(store.default_user());
        self.authenticated = store.open();
        (self.seen, self.free_at) = (0, 0);
    }

    /// Switches to this user.
    pub fn become_user(&mut self, user: Arc<User>) {
        *self = Self { user: Some(user), owner: self.owner, authenticated: true, seen: 0, free_at: 0 };
    }

    /// Whether the session has authenticated.
    #[must_use]
    pub fn authenticated(&self) -> bool {
        self.authenticated
    }

    /// Whether the session must authenticate before it may do anything else.
    #[must_use]
    pub fn must_authenticate(&self, store: &Store) -> bool {
        !self.authenticated && !store.open()
    }

    /// The session's user; `None` for the owner.
    #[must_use]
    pub fn user(&self) -> Option<&Arc<User>> {
        self.user.as_ref()
    }

    /// Whether every command is known to be allowed: one comparison.
    #[inline]
    #[must_use]
    pub fn is_free(&self, store: &Store) -> bool {
        self.free_at == store.version()
    }

    /// Looks the user up again if the store has changed.
    ///
    /// # Errors
    /// The user was deleted. The session keeps failing until it authenticates again.
    pub fn refresh(&mut self, store: &Store) -> Result<(), UserDeleted> {
        // The version is read first: a concurrent change leads to another refresh.
        let version = store.version();
        if self.seen == version {
            return Ok(());
        }
        self.free_at = 0;
        if let Some(user) = &mut self.user {
            let now = store.get(&user.name).filter(|now| now.id() == user.id());
            *user = now.ok_or(UserDeleted)?;
        }
        self.seen = version;
        let unrestricted = self.user.as_ref().is_none_or(|user| user.unrestricted());
        if unrestricted && !self.must_authenticate(store) {
            self.free_at = version;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acl::Rules;
    use redstart_spec::CommandSpec;

    #[test]
    fn changes_are_seen_and_removals_last() {
        let registry: Vec<CommandSpec> = Vec::new();
        let rules = Rules { registry: &registry, all_channels: false };
        let store = Store::new(&rules);
        let mut identity = Identity::arriving(&store);
        assert!(!identity.is_free(&store), "not yet looked at");
        assert_eq!(identity.refresh(&store), Ok(()));
        assert!(identity.is_free(&store));

        store.set(b"u", &["on", "nopass"], &rules).unwrap();
        assert!(!identity.is_free(&store), "anything may have changed");
        identity.become_user(store.get(b"u").unwrap());
        assert_eq!(identity.refresh(&store), Ok(()));
        assert!(!identity.is_free(&store), "the user has no permissions");
        store.set(b"u", &["+@all", "allkeys", "allchannels"], &rules).unwrap();
        assert_eq!(identity.refresh(&store), Ok(()));
        assert!(identity.is_free(&store));

        store.remove(b"u").unwrap();
        store.set(b"u", &["on", "nopass", "+@all", "allkeys", "allchannels"], &rules).unwrap();
        for _ in 0..2 {
            assert_eq!(identity.refresh(&store), Err(UserDeleted), "another user of the same name");
            assert!(!identity.is_free(&store));
        }
        identity.reset(&store);
        assert_eq!(identity.refresh(&store), Ok(()));
        assert!(identity.is_free(&store));
    }

    #[test]
    fn clients_and_owners() {
        let registry: Vec<CommandSpec> = Vec::new();
        let rules = Rules { registry: &registry, all_channels: false };
        let store = Store::new(&rules);
        store.set_default_password(b"secret");
        let mut identity = Identity::arriving(&store);
        assert_eq!(identity.refresh(&store), Ok(()));
        assert!(identity.must_authenticate(&store) && !identity.is_free(&store));
        store.set_default_password(b"");
        assert_eq!(identity.refresh(&store), Ok(()));
        assert!(!identity.must_authenticate(&store) && identity.is_free(&store));

        store.set(b"default", &["off", "-@all"], &rules).unwrap();
        let mut owner = Identity::owner();
        assert_eq!(owner.refresh(&store), Ok(()));
        assert!(owner.is_free(&store));
        owner.become_user(store.default_user());
        assert_eq!(owner.refresh(&store), Ok(()));
        assert!(!owner.is_free(&store));
        owner.reset(&store);
        assert_eq!(owner.refresh(&store), Ok(()));
        assert!(owner.is_free(&store) && owner.user().is_none());
    }
}
