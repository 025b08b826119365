//! Whether consumer groups are what their story says.

use super::super::check::RULES;
use super::{Group, Groups, NOBODY};
use crate::check::{Broken, Within};
use crate::stream::StreamId;
use std::collections::HashSet;

impl Groups {
    /// Checks that groups come by name, and each of them. O(n log n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        RULES.hold("groups come by name", self.0.is_sorted_by(|one, next| one.name < next.name))?;
        self.iter().enumerate().try_for_each(|(number, group)| group.check().within("group", number))
    }
}

impl Group {
    /// Checks the invariants: pending entries on both sides, consumers and their order, what was handed back, the oldest
    /// delivery. O(n log n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        self.pending.check()?;
        self.check_consumers()?;
        let mut unowned = 0;
        let released: HashSet<StreamId> = self.released.iter().copied().collect();
        for (id, pending) in self.pending.iter() {
            if pending.owner == NOBODY {
                unowned += 1;
                RULES.hold("what belongs to nobody was handed back", released.contains(&id)).within("ms", id.ms)?;
                continue;
            }
            let owner = self.consumers.get(pending.owner as usize).and_then(Option::as_ref);
            let has = owner.is_some_and(|owner| owner.pending.contains(id));
            RULES.hold("what the group names as an owner's, the owner has", has).within("ms", id.ms)?;
            let known = self.oldest_ms <= pending.delivered_ms;
            RULES.hold("nothing owned was delivered before the oldest delivery", known).within("ms", id.ms)?;
        }
        RULES.count("what belongs to nobody is counted", self.unowned, unowned)?;
        let owned = self.consumers.iter().flatten().map(|consumer| consumer.pending.len()).sum();
        RULES.count("an owner has nothing but what the group names as its own", self.pending.len() - unowned, owned)
    }

    fn check_consumers(&self) -> Result<(), Broken> {
        let living = self.consumers.iter().flatten().count();
        RULES.count("every living consumer is in the order", self.order.len(), living)?;
        let mut before: Option<&[u8]> = None;
        for &number in &self.order {
            let consumer = self.consumers.get(number as usize).and_then(Option::as_ref);
            let Some(consumer) = consumer else {
                return Err(Broken::new(RULES.0, "the order has living consumers only").within("consumer", number));
            };
            consumer.pending.check().within("consumer", number)?;
            RULES.hold("consumers come by name", before.is_none_or(|before| before < &*consumer.name))?;
            before = Some(&consumer.name);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u64) -> StreamId {
        StreamId::new(number, 0)
    }

    fn groups() -> Groups {
        let mut groups = Groups::default();
        groups.create(b"other", StreamId::MIN, None).unwrap();
        let group = groups.create(b"group", StreamId::MIN, None).unwrap();
        let consumers = [b"b", b"a", b"c"].map(|name| group.create_consumer(name, 1).unwrap());
        (0..300).for_each(|number| group.deliver(id(number), consumers[number as usize % 3], 10));
        (0..20).for_each(|number| group.release(id(number), 1));
        group.delete_consumer(b"c").unwrap();
        groups.check().unwrap();
        groups
    }

    fn broken(change: impl FnOnce(&mut Group)) -> &'static str {
        let mut groups = groups();
        change(groups.get_mut(b"group").unwrap());
        let found = groups.check().unwrap_err();
        assert_eq!(found.path[0], ("group", 0));
        found.invariant
    }

    #[test]
    fn sides_that_do_not_agree_are_found() {
        let owner = "what the group names as an owner's, the owner has";
        assert_eq!(broken(|group| _ = group.consumers[0].as_mut().unwrap().pending.remove(id(60))), owner);
        assert_eq!(broken(|group| group.pending.get_mut(id(60)).unwrap().owner = 2), owner);
        let more = "an owner has nothing but what the group names as its own";
        assert_eq!(broken(|group| _ = group.consumers[0].as_mut().unwrap().pending.insert(id(999), ())), more);
        assert_eq!(broken(|group| _ = group.pending.remove(id(60))), more);
        assert_eq!(broken(|group| group.unowned += 1), "what belongs to nobody is counted");
        assert_eq!(broken(|group| _ = group.released.pop_back()), "what belongs to nobody was handed back");
        let oldest = "nothing owned was delivered before the oldest delivery";
        assert_eq!(broken(|group| group.pending.get_mut(id(60)).unwrap().delivered_ms = 9), oldest);
    }

    #[test]
    fn consumers_out_of_order_are_found() {
        assert_eq!(broken(|group| group.order.swap(0, 1)), "consumers come by name");
        assert_eq!(broken(|group| _ = group.order.pop()), "every living consumer is in the order");
        assert_eq!(broken(|group| group.order[0] = 2), "the order has living consumers only");
        let mut groups = groups();
        groups.0.swap(0, 1);
        assert_eq!(groups.check().unwrap_err().invariant, "groups come by name");
    }
}
