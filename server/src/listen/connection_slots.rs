//! The slots for connections: so many in all, a share for each address. When there are none left, idle connections of the
//! network that holds most are closed for a newcomer, as long as the newcomer's own network holds no more than that one.
use metrics::{counter, gauge};
use registry::Network;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};
use tokio::sync::Notify;

/// Every how many slots one more connection is closed at once, so that the search is not made again for each newcomer.
const AT_ONCE: usize = 256;

/// All slots, and who holds them.
pub(super) struct ConnectionSlots {
    all: usize,
    per_address: usize,
    held: Mutex<Occupancy>,
}

#[derive(Default)]
struct Occupancy {
    count: usize,
    /// How many each address has; of IPv6 each /64.
    addresses: HashMap<IpAddr, usize>,
    /// Connections that may have to make room, by their wide network. Those of trusted proxies are not among them.
    networks: HashMap<IpAddr, HashMap<u64, Arc<State>>>,
}

/// What a connection does.
#[derive(Default)]
struct State {
    requests: AtomicUsize,
    unsent: AtomicBool,
    /// Grows with each connection and each request that ended: those that were idle longest have the least.
    last: AtomicU64,
    given_away: AtomicBool,
    told: Notify,
}
impl State {
    fn is_idle(&self) -> bool {
        self.requests.load(Ordering::Acquire) == 0 && !self.unsent.load(Ordering::Acquire)
    }
    fn touch(&self) {
        static TURN: AtomicU64 = AtomicU64::new(0);
        self.last.store(TURN.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// A slot that is held by a connection, until it is dropped.
pub(super) struct ConnectionSlot {
    slots: Arc<ConnectionSlots>,
    address: IpAddr,
    id: u64,
    state: Arc<State>,
}

/// A request that is being answered, until it is dropped.
pub(super) struct Request(Arc<State>);
impl Drop for Request {
    fn drop(&mut self) {
        self.0.touch();
        self.0.requests.fetch_sub(1, Ordering::AcqRel);
    }
}

impl ConnectionSlots {
    pub(super) fn new(all: usize, per_address: usize) -> Self {
        Self { all, per_address, held: Mutex::default() }
    }
    fn lock(&self) -> MutexGuard<'_, Occupancy> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A slot for a connection of this address; nothing if there is none. A trusted proxy has no share and never makes room,
    /// since its connections are those of many.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr, trusted: bool) -> Option<Arc<ConnectionSlot>> {
        let mut held = self.lock();
        let (address, network) = (Network::of(address).narrow(), Network::of(address).wide());
        let own = held.addresses.get(&address).copied().unwrap_or_default();
        if !trusted && own >= self.per_address {
            return None;
        }
        if held.count >= self.all && !held.make_room(network, (self.all / AT_ONCE).max(1)) {
            return None;
        }
        let state = Arc::new(State::default());
        state.touch();
        let id = state.last.load(Ordering::Relaxed);
        held.count += 1;
        *held.addresses.entry(address).or_default() += 1;
        if !trusted {
            held.networks.entry(network).or_default().insert(id, state.clone());
        }
        gauge!("yikao_connections").set(held.count as f64);
        Some(Arc::new(ConnectionSlot { slots: self.clone(), address, id, state }))
    }
}

impl Occupancy {
    /// Gives away the slots of idle connections, those that were idle longest first, of the heaviest network that has any.
    fn make_room(&mut self, newcomer: IpAddr, most: usize) -> bool {
        let own = self.networks.get(&newcomer).map_or(0, HashMap::len);
        let mut networks: Vec<(IpAddr, usize)> = self.networks.iter().map(|(net, held)| (*net, held.len())).collect();
        networks.sort_unstable_by_key(|(_, held)| std::cmp::Reverse(*held));
        for (network, _) in networks.into_iter().take_while(|(_, held)| *held >= own) {
            let connections = &self.networks[&network];
            let idle = connections.iter().filter(|(_, state)| state.is_idle());
            let mut idle: Vec<(u64, u64)> = idle.map(|(id, state)| (state.last.load(Ordering::Relaxed), *id)).collect();
            if idle.is_empty() {
                continue;
            }
            idle.sort_unstable();
            for (_, id) in idle.into_iter().take(most) {
                self.give_away(network, id);
            }
            return true;
        }
        false
    }

    fn give_away(&mut self, network: IpAddr, id: u64) {
        if let Some(state) = self.networks.get_mut(&network).and_then(|held| held.remove(&id)) {
            self.count = self.count.saturating_sub(1);
            state.given_away.store(true, Ordering::Release);
            state.told.notify_one();
            counter!("yikao_connections_given_away_total").increment(1);
        }
    }
}

impl ConnectionSlot {
    /// Completes when the slot was given away.
    pub(super) async fn given_away(&self) {
        while !self.state.given_away.load(Ordering::Acquire) {
            self.state.told.notified().await;
        }
    }
    /// Whether no request is being answered and no answer waits to be sent.
    pub(super) fn is_idle(&self) -> bool {
        self.state.is_idle()
    }
    pub(super) fn begin_request(&self) -> Request {
        self.state.requests.fetch_add(1, Ordering::AcqRel);
        Request(self.state.clone())
    }
    pub(super) fn set_unsent(&self, unsent: bool) {
        self.state.unsent.store(unsent, Ordering::Release);
    }
}
impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut held = self.slots.lock();
        if let Some(count) = held.addresses.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                held.addresses.remove(&self.address);
            }
        }
        let network = Network::of(self.address).wide();
        if let Some(connections) = held.networks.get_mut(&network) {
            connections.remove(&self.id);
            if connections.is_empty() {
                held.networks.remove(&network);
            }
        }
        if !self.state.given_away.load(Ordering::Acquire) {
            held.count = held.count.saturating_sub(1);
        }
        gauge!("yikao_connections").set(held.count as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(all: usize) -> Arc<ConnectionSlots> {
        Arc::new(ConnectionSlots::new(all, all))
    }
    fn take(slots: &Arc<ConnectionSlots>, address: &str) -> Option<Arc<ConnectionSlot>> {
        slots.take(address.parse().unwrap(), false)
    }
    fn given_away(held: &[Arc<ConnectionSlot>]) -> Vec<usize> {
        let gone = |slot: &Arc<ConnectionSlot>| slot.state.given_away.load(Ordering::Acquire);
        held.iter().enumerate().filter(|(_, slot)| gone(slot)).map(|(n, _)| n).collect()
    }

    #[test]
    fn the_idle_of_the_heaviest_network_go_first_those_that_were_idle_longest() {
        let slots = slots(12);
        let heavy: Vec<_> = (0..8).map(|n| take(&slots, &format!("192.0.2.{n}")).unwrap()).collect();
        let light: Vec<_> = (0..4).map(|n| take(&slots, &format!("198.51.100.{n}")).unwrap()).collect();
        // The first answers a request, the second has just answered one, the third has not sent all of an answer.
        let under_way = heavy[0].begin_request();
        drop(heavy[1].begin_request());
        heavy[2].set_unsent(true);
        let newcomers: Vec<_> = (0..3).map(|_| take(&slots, "203.0.113.1").unwrap()).collect();
        assert_eq!((given_away(&heavy), given_away(&light)), (vec![3, 4, 5], vec![]));
        assert_eq!(slots.lock().count, 12);
        drop(under_way);
        // As heavy as the newcomer's own network: nobody is worse off than whoever comes.
        drop(newcomers);
        assert_eq!(slots.lock().count, 9);
    }

    #[test]
    fn a_heavy_network_takes_no_slot_of_a_light_one() {
        let slots = slots(10);
        let heavy: Vec<_> = (0..8).map(|n| take(&slots, &format!("192.0.2.{n}")).unwrap()).collect();
        let light: Vec<_> = (0..2).map(|n| take(&slots, &format!("198.51.100.{n}")).unwrap()).collect();
        let busy: Vec<_> = heavy.iter().map(|slot| slot.begin_request()).collect();
        assert!(take(&slots, "192.0.2.99").is_none());
        assert_eq!(given_away(&light), Vec::<usize>::new());
        // Its own idle ones make room for it, as soon as it has any.
        drop(busy);
        assert!(take(&slots, "192.0.2.99").is_some());
        assert_eq!((given_away(&heavy).len(), given_away(&light).len()), (1, 0));
    }

    #[test]
    fn every_slot_is_counted_once_whatever_becomes_of_it() {
        let slots = slots(3);
        let mut held: Vec<_> = (0..3).map(|n| take(&slots, &format!("192.0.2.{n}")).unwrap()).collect();
        for n in 3..50 {
            held.push(take(&slots, &format!("192.0.2.{n}")).unwrap());
            assert_eq!(slots.lock().count, 3);
        }
        drop(held);
        let held = slots.lock();
        assert_eq!((held.count, held.addresses.len(), held.networks.len()), (0, 0, 0));
    }

    #[test]
    fn a_trusted_proxy_has_no_share_and_makes_no_room() {
        let slots = Arc::new(ConnectionSlots::new(4, 2));
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let held: Vec<_> = (0..4).map(|_| slots.take(proxy, true).unwrap()).collect();
        assert!(take(&slots, "192.0.2.1").is_none());
        drop(held);
        let held = [take(&slots, "192.0.2.1").unwrap(), take(&slots, "192.0.2.1").unwrap()];
        assert!(take(&slots, "192.0.2.1").is_none());
        drop(held);
        // A /64 is one household, whatever it calls itself.
        let held = [take(&slots, "2001:db8::1").unwrap(), take(&slots, "2001:db8::2").unwrap()];
        assert!(take(&slots, "2001:db8::3").is_none());
        assert!(take(&slots, "2001:db8:0:1::3").is_some());
        drop(held);
    }
}
