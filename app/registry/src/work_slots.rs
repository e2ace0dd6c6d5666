//! A bounded number of slots for work that costs much, few of them for one party.
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// The slots, and who is in them. There are few, so they are looked through.
pub(crate) struct WorkSlots {
    all: usize,
    of_one: usize,
    held: Arc<Mutex<Vec<Uuid>>>,
}

/// A slot, until it is dropped.
pub(crate) struct WorkSlot {
    held: Arc<Mutex<Vec<Uuid>>>,
    party: Uuid,
}
impl Drop for WorkSlot {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = held.iter().position(|own| *own == self.party) {
            held.swap_remove(at);
        }
    }
}

impl WorkSlots {
    /// So many slots in all, and so many of one party; at least one.
    pub(crate) fn new(all: usize, of_one: usize) -> Self {
        Self { all: all.max(1), of_one: of_one.max(1), held: Arc::default() }
    }
    /// A slot for a party; nothing where none is left for it.
    pub(crate) fn take(&self, party: Uuid) -> Option<WorkSlot> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.iter().filter(|own| **own == party).count();
        if held.len() >= self.all || own >= self.of_one {
            return None;
        }
        held.push(party);
        Some(WorkSlot { held: self.held.clone(), party })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_party_has_few_places_and_all_together_a_bounded_number() {
        let slots = WorkSlots::new(5, 2);
        let take = |party: u128| slots.take(Uuid::from_u128(party));
        let mut held = vec![take(1), take(1)];
        assert!(take(1).is_none());
        held.extend([take(2), take(2), take(3)]);
        assert!(held.iter().all(Option::is_some));
        assert!(take(4).is_none());
        held.remove(0);
        assert!(take(4).is_some());
        drop(held);
        assert!(take(1).is_some());
        assert!(slots.held.lock().unwrap().is_empty());
    }
}
