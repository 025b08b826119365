//! A user: a name, password hashes and selectors.

use super::rules::Rules;
use super::selector::{Selector, channel_is_among};
use redstart_spec::Access;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::check::{Call, Denied};

/// The initial user of every connection.
pub const DEFAULT: &[u8] = b"default";

/// The hash of a password.
pub(super) type Hash = [u8; 32];

/// A user: its name, passwords and selectors. It is immutable; a rule creates another value.
#[derive(Clone)]
pub struct User {
    /// Its name.
    pub name: Vec<u8>,
    /// Distinguishes a user from a deleted one with the same name.
    pub(super) id: u64,
    pub(super) enabled: bool,
    pub(super) any_password: bool,
    pub(super) skip_sanitize: bool,
    pub(super) passwords: Vec<Hash>,
    /// The first is the root selector, to which rules outside parentheses apply.
    pub(super) selectors: Vec<Selector>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Password hashes must not be printed.
        f.debug_struct("User").field("name", &String::from_utf8_lossy(&self.name)).finish_non_exhaustive()
    }
}

impl User {
    /// A user that is off and may do nothing.
    #[must_use]
    pub fn new(name: &[u8], rules: &Rules<'_>) -> Self {
        Self {
            name: name.to_vec(),
            id: 0,
            enabled: false,
            any_password: false,
            skip_sanitize: false,
            passwords: Vec::new(),
            selectors: vec![rules.fresh_selector()],
        }
    }

    /// The default user in its initial state: on, without a password, unrestricted.
    #[must_use]
    pub fn open_default(rules: &Rules<'_>) -> Self {
        let mut user = Self::new(DEFAULT, rules);
        user.enabled = true;
        user.any_password = true;
        let root = user.root_mut();
        (root.all_keys, root.all_channels) = (true, true);
        root.commands.set_all(true, rules.registry);
        user
    }

    /// Distinguishes this user from earlier or later users with the same name.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Whether the user may authenticate.
    #[must_use]
    pub fn enabled(&self) -> bool {
        self.enabled
    }

    /// Whether every password is valid.
    #[must_use]
    pub fn any_password(&self) -> bool {
        self.any_password
    }

    /// The selectors; the first is the root.
    #[must_use]
    pub fn selectors(&self) -> &[Selector] {
        &self.selectors
    }

    pub(super) fn root_mut(&mut self) -> &mut Selector {
        &mut self.selectors[0]
    }

    /// Whether the user may do everything.
    #[must_use]
    pub fn unrestricted(&self) -> bool {
        self.selectors.iter().any(Selector::unrestricted)
    }

    /// Whether the user is on and this is one of its passwords. Takes equally long for right and wrong passwords.
    #[must_use]
    pub fn accepts(&self, password: &[u8]) -> bool {
        let hash = hash(password);
        let known = self.passwords.iter().fold(Choice::from(0), |known, one| known | one.ct_eq(&hash));
        self.enabled && (self.any_password || known.into())
    }

    /// Replaces all passwords by this one; an empty one means that no password is needed (`requirepass`).
    pub(super) fn set_only_password(&mut self, password: &[u8]) {
        self.any_password = password.is_empty();
        self.passwords = if password.is_empty() { Vec::new() } else { vec![hash(password)] };
    }

    /// Checks a call. If every selector denies it, the weightiest reason is returned.
    ///
    /// # Errors
    /// No selector allows the call.
    pub fn check(&self, call: &Call<'_>) -> Result<(), Denied> {
        let mut worst = None;
        for selector in &self.selectors {
            match call.check(selector) {
                Ok(()) => return Ok(()),
                Err(denied) => worst = worst.max(Some(denied)),
            }
        }
        worst.map_or(Ok(()), Err)
    }

    /// Whether a selector that allows the call also grants this access to every key (BY and GET of SORT).
    #[must_use]
    pub fn allows_with_all_keys(&self, call: &Call<'_>, access: Access) -> bool {
        self.selectors.iter().any(|one| one.allows_all_keys(access) && call.check(one).is_ok())
    }

    /// Whether the user may publish or subscribe to a channel, or subscribe to a pattern.
    #[must_use]
    pub fn allows_channel(&self, channel: &[u8], is_pattern: bool) -> bool {
        self.selectors.iter().any(|one| one.allows_channel(channel, is_pattern))
    }

    /// The channels that subscribers may keep when this user replaces `before`; `None` if no channel is lost.
    #[must_use]
    pub fn channels_left(&self, before: &Self) -> Option<ChannelsLeft> {
        if self.selectors.iter().any(|one| one.all_channels) {
            return None;
        }
        let left: Vec<Vec<u8>> = self.selectors.iter().flat_map(|one| one.channels.iter().cloned()).collect();
        let kept = |one: &Selector| !one.all_channels && one.channels.iter().all(|channel| left.contains(channel));
        (!before.selectors.iter().all(kept)).then_some(ChannelsLeft(left))
    }

    /// The state as rules: `on`, `nopass`, `sanitize-payload`.
    pub fn flags(&self) -> impl Iterator<Item = &'static str> {
        let flags = [
            ("on", self.enabled),
            ("off", !self.enabled),
            ("nopass", self.any_password),
            ("skip-sanitize-payload", self.skip_sanitize),
            ("sanitize-payload", !self.skip_sanitize),
        ];
        flags.into_iter().filter_map(|(name, set)| set.then_some(name))
    }

    /// The password hashes, in hexadecimal.
    pub fn password_hashes(&self) -> impl ExactSizeIterator<Item = String> + '_ {
        self.passwords.iter().map(|hash| hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The rules that produce this user, without its name.
    #[must_use]
    pub fn describe(&self) -> Vec<u8> {
        let mut words: Vec<Vec<u8>> = self.flags().map(Into::into).collect();
        words.extend(self.password_hashes().map(|hash| format!("#{hash}").into_bytes()));
        words.extend(self.selectors.iter().enumerate().map(|(index, selector)| match index {
            0 => selector.describe(),
            _ => [b"(", selector.describe().as_slice(), b")"].concat(),
        }));
        words.join(b" ".as_slice())
    }

    /// The user's line in an ACL file and in ACL LIST.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        [b"user ", self.name.as_slice(), b" ", &self.describe()].concat()
    }
}

/// The channels that a changed user may still use.
#[derive(Clone, Debug)]
pub struct ChannelsLeft(Vec<Vec<u8>>);

impl ChannelsLeft {
    /// Whether a subscription is still allowed.
    #[must_use]
    pub fn allow(&self, channel: &[u8], is_pattern: bool) -> bool {
        channel_is_among(&self.0, channel, is_pattern)
    }
}

pub(super) fn hash(password: &[u8]) -> Hash {
    Sha256::digest(password).into()
}

/// Whether a name or a pattern can be one word of a line.
#[must_use]
pub fn name_is_valid(name: &[u8]) -> bool {
    const VERTICAL_TAB: u8 = 0x0b;
    !name.iter().any(|&byte| byte == 0 || byte == VERTICAL_TAB || byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use redstart_spec::CommandSpec;

    fn user(words: &[&str]) -> User {
        let registry: Vec<CommandSpec> = Vec::new();
        let rules = Rules { registry: &registry, all_channels: false };
        let mut user = User::new(b"u", &rules);
        words.iter().for_each(|word| rules.apply(&mut user, word.as_bytes()).unwrap());
        user
    }

    #[test]
    fn subscribers_keep_the_remaining_channels() {
        let before = user(&["&a", "&b*", "(&c)"]);
        for kept in [&["&c", "&b*", "&a"][..], &["&a", "&b*", "&c", "&d"], &["allchannels"], &["(&a &b*)", "(&c)"]] {
            assert!(user(kept).channels_left(&before).is_none(), "{kept:?}");
        }
        let left = user(&["&b*", "(&c)"]).channels_left(&before).unwrap();
        assert!(left.allow(b"b1", false) && left.allow(b"c", false) && left.allow(b"b*", true));
        assert!(!left.allow(b"a", false) && !left.allow(b"b1", true), "a pattern is one that was named");
        assert!(user(&["&a"]).channels_left(&user(&["allchannels"])).is_some());
        assert!(user(&[]).channels_left(&user(&[])).is_none());
    }

    #[test]
    fn passwords() {
        let one = user(&["on", ">one", ">two"]);
        assert!(one.accepts(b"one") && one.accepts(b"two") && !one.accepts(b"three") && !one.accepts(b""));
        assert!(!user(&[">one"]).accepts(b"one"), "it is off");
        assert!(user(&["on", "nopass"]).accepts(b"anything"));
        assert!(!format!("{one:?}").contains("passwords"), "nothing secret is shown");
    }
}
