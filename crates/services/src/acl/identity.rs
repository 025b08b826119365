//! Who a session is.
//!
//! Invariant: `free_at` is a version of the store at which every command of this session was allowed; so while the
//! store has that version there is nothing to check.

use super::store::Store;
use super::user::User;
use std::sync::Arc;

/// The user that a session is, as of a version of the store.
#[derive(Clone, Debug)]
pub struct Identity {
    /// `None` for the owner of the process, who may do everything.
    user: Option<Arc<User>>,
    /// It came as the owner, and is that again after RESET.
    owner: bool,
    /// It said who it is, or needed not when it came.
    authenticated: bool,
    /// The version of the store at which `user` was found; 0 to look anew.
    seen: u64,
    /// `seen`, if everything is allowed; else 0.
    free_at: u64,
}

/// The user of a session was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

impl Identity {
    /// Who owns the process and asks nobody.
    #[must_use]
    pub const fn owner() -> Self {
        Self { user: None, owner: true, authenticated: true, seen: 0, free_at: 0 }
    }

    /// Who comes over the network.
    #[must_use]
    pub fn arriving(store: &Store) -> Self {
        let mut identity = Self { owner: false, ..Self::owner() };
        identity.reset(store);
        identity
    }

    /// Back to how it came.
    pub fn reset(&mut self, store: &Store) {
        if self.owner {
            *self = Self::owner();
            return;
        }
        self.user = Some(store.default_user());
        self.authenticated = store.open();
        (self.seen, self.free_at) = (0, 0);
    }

    /// It is this user from now on.
    pub fn become_user(&mut self, user: Arc<User>) {
        *self = Self { user: Some(user), owner: self.owner, authenticated: true, seen: 0, free_at: 0 };
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
    /// The user is no more, and stays so for this session until it says again who it is.
    pub fn refresh(&mut self, store: &Store) -> Result<(), Gone> {
        // The version first: a change in between is seen again.
        let version = store.version();
        if self.seen == version {
            return Ok(());
        }
        self.free_at = 0;
        if let Some(user) = &mut self.user {
            let now = store.get(&user.name).filter(|now| now.id() == user.id());
            *user = now.ok_or(Gone)?;
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
        assert!(!identity.is_free(&store), "it may do nothing");
        store.set(b"u", &["+@all", "allkeys", "allchannels"], &rules).unwrap();
        assert_eq!(identity.refresh(&store), Ok(()));
        assert!(identity.is_free(&store));

        store.remove(b"u").unwrap();
        store.set(b"u", &["on", "nopass", "+@all", "allkeys", "allchannels"], &rules).unwrap();
        for _ in 0..2 {
            assert_eq!(identity.refresh(&store), Err(Gone), "another user of the same name");
            assert!(!identity.is_free(&store));
        }
        identity.reset(&store);
        assert_eq!(identity.refresh(&store), Ok(()));
        assert!(identity.is_free(&store));
    }

    #[test]
    fn strangers_and_owners() {
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
