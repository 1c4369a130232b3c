//! What a container may use up.

use plimsoll_sdk::facts::{Limits, Reservations, Resources, Ulimit};
use plimsoll_sdk::{Loc, Nullable};

use super::super::lowering::{Known, Lowering, Owner, positive};
use super::super::tree::At;
use super::Inspected;

/// Microseconds of a scheduling period where none is set.
const DEFAULT_PERIOD: u64 = 100_000;

impl Lowering<'_> {
    pub(super) fn resources(&mut self, container: &Inspected<'_>, owner: &mut Owner) -> Resources {
        let host = container.host;
        let loc = self.object(container.loc, host);
        let mut lists = Owner::new(loc);
        let ulimits = self.ulimits(&mut lists, host.get("Ulimits"));
        if !lists.incomplete.is_empty() {
            owner.incomplete("resources.ulimits");
        }
        // Null on hosts whose kernel cannot do it (cgroup v2).
        self.place(loc, "oom_kill_disable", host.get("OomKillDisable"));
        let oom = host.get("OomKillDisable");
        Resources {
            loc,
            limits: self.limits(loc, host),
            reservations: self.reservations(loc, host),
            cpu_shares: self.positive_field(loc, "cpu_shares", host.get("CpuShares")),
            cpu_quota: self.nonzero_field(loc, "cpu_quota", host.get("CpuQuota")),
            cpu_period: self.positive_field(loc, "cpu_period", host.get("CpuPeriod")),
            cpuset_cpus: self.string_field(loc, "cpuset_cpus", host.get("CpusetCpus")),
            ulimits,
            oom_kill_disable: if oom.is_null() { Some(false) } else { self.boolean(oom) },
            oom_score_adj: self.nonzero_field(loc, "oom_score_adj", host.get("OomScoreAdj")),
            shm_size_bytes: self.positive_field(loc, "shm_size_bytes", host.get("ShmSize")),
            conflicts: Vec::new(),
        }
    }

    fn limits(&mut self, parent: Loc, host: At<'_>) -> Limits {
        let loc = self.object(parent, host);
        Limits {
            loc,
            memory_bytes: self.positive_field(loc, "memory_bytes", host.get("Memory")),
            memory_swap_bytes: self.nonzero_field(loc, "memory_swap_bytes", host.get("MemorySwap")),
            nano_cpus: self.nano_cpus(loc, host),
            pids: self.positive_field(loc, "pids", host.get("PidsLimit")),
        }
    }

    /// `NanoCpus`, or a quota in each period, or Windows' count of CPUs.
    fn nano_cpus(&mut self, loc: Loc, host: At<'_>) -> Known<u64> {
        let [nano, quota, count] = ["NanoCpus", "CpuQuota", "CpuCount"].map(|key| host.get(key));
        let values = [nano, quota, count].map(|at| self.integer(at));
        let set =
            values.map(|known| known.and_then(|known| known.value().copied()).and_then(positive));
        let [nano_value, quota_value, count_value] = set;
        let (at, value) = if let Some(value) = nano_value {
            (nano, Some(value))
        } else if let Some(quota_value) = quota_value {
            let period = self.integer(host.get("CpuPeriod"));
            let period = period.and_then(|known| known.value().copied()).and_then(positive);
            let nano = u128::from(quota_value) * 1_000_000_000
                / u128::from(period.unwrap_or(DEFAULT_PERIOD));
            (quota, Some(u64::try_from(nano).unwrap_or(u64::MAX)))
        } else if let Some(value) = count_value {
            (count, Some(value.saturating_mul(1_000_000_000)))
        } else {
            (if nano.node.is_some() { nano } else { quota }, None)
        };
        self.place(loc, "nano_cpus", at);
        // Engines before 1.13 have no `NanoCpus`: then the quota says it all.
        let known = value.is_some() || values.get(1).is_some_and(Option::is_some);
        known.then(|| value.into())
    }

    fn reservations(&mut self, parent: Loc, host: At<'_>) -> Reservations {
        let loc = self.object(parent, host);
        Reservations {
            loc,
            memory_bytes: self.positive_field(loc, "memory_bytes", host.get("MemoryReservation")),
            // Only services of a swarm can have one.
            nano_cpus: Some(Nullable::Null),
        }
    }

    pub(in super::super) fn ulimits(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<Ulimit> {
        let mut ulimits = Vec::new();
        for item in self.list_field(owner, "ulimits", at) {
            let name = item.get("Name");
            let Some(text) = name.filled() else {
                if name.node.is_some() || !item.is_map() {
                    self.wrong(name, "the name of a limit");
                }
                owner.incomplete("ulimits");
                continue;
            };
            // Podman writes the kernel's name: `RLIMIT_NOFILE`.
            let text = text.to_ascii_lowercase();
            let loc = self.object(owner.loc, item.shown_at(name.span));
            let limit = |lowering: &mut Self, field: &'static str, key: &str| {
                let at = item.get(key);
                lowering.place(loc, field, at);
                lowering.integer(at).and_then(|known| known.value().copied())
            };
            ulimits.push(Ulimit {
                loc,
                name: text.strip_prefix("rlimit_").unwrap_or(&text).to_owned(),
                soft: limit(self, "soft", "Soft"),
                hard: limit(self, "hard", "Hard"),
            });
        }
        ulimits
    }
}
