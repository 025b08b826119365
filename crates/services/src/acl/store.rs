//! All users, and the version that tells sessions to look again.

use super::log::Log;
use super::rules::{RuleError, Rules, merge_selectors};
use super::user::{DEFAULT, User};
use parking_lot::{RwLock, RwLockWriteGuard};
use redstart_spec::until_nul;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

type Users = BTreeMap<Vec<u8>, Arc<User>>;

/// All users, and the version that grows with each change. There always is a default user.
#[derive(Debug)]
pub struct Store {
    seen: Seen,
    users: RwLock<Users>,
    last_id: AtomicU64,
    /// What was refused.
    pub log: Log,
}

/// What every command looks at, in a cache line that nothing else is written to.
#[derive(Debug)]
#[repr(align(128))]
struct Seen {
    /// Grows with every change; never 0.
    version: AtomicU64,
    /// Who comes need not say who he is: the default user is on and wants no password.
    open: AtomicBool,
}

/// A user before and after a change.
#[derive(Debug)]
pub struct Changed {
    /// What the user was; `None` for a new one.
    pub before: Option<Arc<User>>,
    /// What the user is; `None` for one that is no more.
    pub after: Option<Arc<User>>,
}

/// Why ACL SETUSER changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetUserError {
    /// A parenthesis never closes; with the word where it opens.
    Unmatched(Vec<u8>),
    /// A rule is wrong.
    Rule(Vec<u8>, RuleError),
}

impl SetUserError {
    /// As Redis says it, without a code word.
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
    /// With the default user alone, who may do everything.
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

    /// Another one whenever any user changed.
    #[inline]
    #[must_use]
    pub fn version(&self) -> u64 {
        self.seen.version.load(Ordering::Relaxed)
    }

    /// Whether a connection may begin without saying who it is.
    #[must_use]
    pub fn open(&self) -> bool {
        self.seen.open.load(Ordering::Relaxed)
    }

    /// The user of this name.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<Arc<User>> {
        self.users.read().get(name).cloned()
    }

    /// The default user.
    ///
    /// # Panics
    /// Never: nobody can remove it.
    #[must_use]
    pub fn default_user(&self) -> Arc<User> {
        self.get(DEFAULT).expect("the default user cannot be removed")
    }

    /// All users, by their names.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<User>> {
        self.users.read().values().cloned().collect()
    }

    /// Applies rules to a user, who is made if there is none of this name: all of the rules, or none.
    ///
    /// # Errors
    /// The first rule that is wrong.
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

    /// Has the default user accept this password alone, or any if it is empty (`requirepass`).
    pub fn set_default_password(&self, password: &[u8]) {
        let mut users = self.users.write();
        if let Some(user) = users.get(DEFAULT) {
            let mut user = User::clone(user);
            user.set_only_password(password);
            self.put(&mut users, user);
        }
        self.publish(users);
    }

    /// Removes a user, but not the default one; says who it was.
    pub fn remove(&self, name: &[u8]) -> Option<Arc<User>> {
        let mut users = self.users.write();
        let removed = (name != DEFAULT).then(|| users.remove(name)).flatten()?;
        self.publish(users);
        Some(removed)
    }

    /// Puts these in the place of all users, who stay who they were where the names are the same. An open default user
    /// is added where there is none.
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

    /// Lets sessions know. The version grows under the lock, so who reads users later reads no older ones.
    fn publish(&self, users: RwLockWriteGuard<'_, Users>) {
        let open = users.get(DEFAULT).is_some_and(|user| user.enabled && user.any_password);
        self.seen.open.store(open, Ordering::Relaxed);
        self.seen.version.fetch_add(1, Ordering::Release);
        drop(users);
    }
}
