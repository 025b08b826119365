//! All users, and the version at which sessions notice a change.

use super::log::Log;
use super::rules::{RuleError, Rules, merge_selectors};
use super::user::{DEFAULT, User};
use parking_lot::{RwLock, RwLockWriteGuard};
use redstart_spec::until_nul;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

type Users = BTreeMap<Vec<u8>, Arc<User>>;

/// All users, and a version that every change increments. The default user always exists.
#[derive(Debug)]
pub struct Store {
    seen: Seen,
    users: RwLock<Users>,
    last_id: AtomicU64,
    /// ACL LOG.
    pub log: Log,
}

/// The fields that every command reads, in a cache line of their own.
#[derive(Debug)]
#[repr(align(128))]
struct Seen {
    /// Incremented by every change; never 0.
    version: AtomicU64,
    /// New connections need not authenticate: the default user is on and needs no password.
    open: AtomicBool,
}

/// A user before and after a change.
#[derive(Debug)]
pub struct Changed {
    /// The user before the change; `None` for a new user.
    pub before: Option<Arc<User>>,
    /// The user after the change; `None` for a deleted user.
    pub after: Option<Arc<User>>,
}

/// Why ACL SETUSER failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetUserError {
    /// A parenthesis is never closed; with the word that opens it.
    Unmatched(Vec<u8>),
    /// A rule is invalid.
    Rule(Vec<u8>, RuleError),
}

impl SetUserError {
    /// Redis's error text, without an error code.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Unmatched(word) => {
                [b"Unmatched parenthesis in acl selector starting at '", until_nul(word), b"'."].concat()
            }
            Self::Rule(word, error) => {
                let why = error.to_string();
                [b"Error in ACL SETUSER modifier '", until_nul(word), b"': ", why.as_bytes()].concat()
            }
        }
    }
}

impl Store {
    /// Only the default user, which may do everything.
    #[must_use]
    pub fn new(rules: &Rules<'_>) -> Self {
        let store = Self {
            seen: Seen { version: AtomicU64::new(0), open: AtomicBool::new(true) },
            users: RwLock::default(),
            last_id: AtomicU64::new(0),
            log: Log::default(),
        };
        store.replace_all(Vec::new(), rules);
        store
    }

    /// Changes with every change of a user.
    #[inline]
    #[must_use]
    pub fn version(&self) -> u64 {
        self.seen.version.load(Ordering::Relaxed)
    }

    /// Whether a connection may start without authenticating.
    #[must_use]
    pub fn open(&self) -> bool {
        self.seen.open.load(Ordering::Relaxed)
    }

    /// The user with this name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<Arc<User>> {
        self.users.read().get(name).cloned()
    }

    /// The default user.
    ///
    /// # Panics
    /// Never: the default user cannot be deleted.
    #[must_use]
    pub fn default_user(&self) -> Arc<User> {
        self.get(DEFAULT).expect("the default user cannot be removed")
    }

    /// All users, ordered by name.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<User>> {
        self.users.read().values().cloned().collect()
    }

    /// Applies rules to a user, which is created if the name is new: either all rules or none.
    ///
    /// # Errors
    /// The first rule that is invalid.
    pub fn set<W: AsRef<[u8]>>(&self, name: &[u8], words: &[W], rules: &Rules<'_>) -> Result<Changed, SetUserError> {
        let merged = merge_selectors(words).map_err(|index| SetUserError::Unmatched(words[index].as_ref().to_vec()))?;
        let mut users = self.users.write();
        let before = users.get(name).cloned();
        let mut user = before.as_deref().cloned().unwrap_or_else(|| User::new(name, rules));
        for rule in merged {
            rules.apply(&mut user, &rule).map_err(|error| SetUserError::Rule(rule, error))?;
        }
        let after = self.put(&mut users, user);
        self.publish(users);
        Ok(Changed { before, after: Some(after) })
    }

    /// Sets the default user's only password; an empty one makes every password valid (`requirepass`).
    pub fn set_default_password(&self, password: &[u8]) {
        let mut users = self.users.write();
        if let Some(user) = users.get(DEFAULT) {
            let mut user = User::clone(user);
            user.set_only_password(password);
            self.put(&mut users, user);
        }
        self.publish(users);
    }

    /// Deletes and returns a user; the default user cannot be deleted.
    pub fn remove(&self, name: &[u8]) -> Option<Arc<User>> {
        let mut users = self.users.write();
        let removed = (name != DEFAULT).then(|| users.remove(name)).flatten()?;
        self.publish(users);
        Some(removed)
    }

    /// Replaces all users. A user whose name already exists keeps its id. An open default user is added if `users` has
    /// none.
    pub fn replace_all(&self, users: Vec<User>, rules: &Rules<'_>) -> Vec<Changed> {
        let mut current = self.users.write();
        let mut next = Users::new();
        let has_default = users.iter().any(|user| user.name == DEFAULT);
        let added = (!has_default).then(|| User::open_default(rules));
        for mut user in users.into_iter().chain(added) {
            user.id = current.get(&user.name).map_or(0, |before| before.id);
            self.put(&mut next, user);
        }
        let before = std::mem::replace(&mut *current, next);
        let mut changed: Vec<Changed> = before
            .iter()
            .map(|(name, before)| Changed { before: Some(Arc::clone(before)), after: current.get(name).cloned() })
            .collect();
        let new = current.iter().filter(|(name, _)| !before.contains_key(*name));
        changed.extend(new.map(|(_, after)| Changed { before: None, after: Some(Arc::clone(after)) }));
        self.publish(current);
        changed
    }

    fn put(&self, users: &mut Users, mut user: User) -> Arc<User> {
        if user.id == 0 {
            user.id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        }
        let user = Arc::new(user);
        users.insert(user.name.clone(), Arc::clone(&user));
        user
    }

    /// Makes the change visible to sessions. The version is incremented under the lock, so a reader that sees the new
    /// version never reads older users.
    fn publish(&self, users: RwLockWriteGuard<'_, Users>) {
        let open = users.get(DEFAULT).is_some_and(|user| user.enabled && user.any_password);
        self.seen.open.store(open, Ordering::Relaxed);
        self.seen.version.fetch_add(1, Ordering::Release);
        drop(users);
    }
}
