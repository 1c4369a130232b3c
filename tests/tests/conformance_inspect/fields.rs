//! What fields must say, by paths into the sample that are written here and nowhere else.

use plimsoll_engine::document::Document;
use plimsoll_sdk::Loc;
use serde_json::{Value, json};

/// How a value of the sample becomes one of the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// As it is.
    Same,
    /// An empty string is null.
    Text,
    /// Like `Text`, in lower case.
    Lower,
    /// 0 and less are null.
    Positive,
    /// 0 is null.
    Nonzero,
    /// A null list is empty.
    List,
    /// Like `List`; the facts have objects with this text in each.
    Objects(&'static str),
    /// Like `List`, of objects in the sample as well.
    Both(&'static str, &'static str),
    /// The keys of an object; the facts have objects with this text in each.
    Keys(&'static str),
    /// Like `Text`; without an algorithm it is SHA-256.
    Digest,
    /// A name without its slash.
    Name,
    /// An empty string is this word.
    Or(&'static str),
}

use How::{Both, Digest, Keys, List, Lower, Name, Nonzero, Objects, Or, Positive, Same, Text};

/// Field of the facts, path into the sample, how.
type Row = (&'static str, &'static str, How);

const CONTAINER: &[Row] = &[
    ("/id", "/Id", Text),
    ("/name", "/Name", Name),
    ("/image/raw", "/Config/Image", Text),
    ("/image/id", "/Image", Digest),
    ("/user/raw", "/Config/User", Text),
    ("/privileged", "/HostConfig/Privileged", Same),
    ("/capabilities/add", "/HostConfig/CapAdd", List),
    ("/capabilities/drop", "/HostConfig/CapDrop", List),
    ("/read_only", "/HostConfig/ReadonlyRootfs", Same),
    ("/masked_paths", "/HostConfig/MaskedPaths", List),
    ("/readonly_paths", "/HostConfig/ReadonlyPaths", List),
    ("/resources/limits/memory_bytes", "/HostConfig/Memory", Positive),
    ("/resources/limits/memory_swap_bytes", "/HostConfig/MemorySwap", Nonzero),
    ("/resources/limits/pids", "/HostConfig/PidsLimit", Positive),
    ("/resources/reservations/memory_bytes", "/HostConfig/MemoryReservation", Positive),
    ("/resources/cpu_shares", "/HostConfig/CpuShares", Positive),
    ("/resources/cpu_quota", "/HostConfig/CpuQuota", Nonzero),
    ("/resources/cpuset_cpus", "/HostConfig/CpusetCpus", Text),
    ("/resources/shm_size_bytes", "/HostConfig/ShmSize", Positive),
    ("/resources/oom_score_adj", "/HostConfig/OomScoreAdj", Nonzero),
    ("/namespaces/pid/mode", "/HostConfig/PidMode", Or("private")),
    ("/namespaces/ipc/mode", "/HostConfig/IpcMode", Or("shareable")),
    ("/namespaces/uts/mode", "/HostConfig/UTSMode", Or("private")),
    ("/namespaces/user/mode", "/HostConfig/UsernsMode", Or("default")),
    ("/cgroup_parent", "/HostConfig/CgroupParent", Text),
    ("/networks", "/NetworkSettings/Networks", Keys("name")),
    ("/publish_all", "/HostConfig/PublishAllPorts", Same),
    ("/logging/driver", "/HostConfig/LogConfig/Type", Same),
    ("/logging/options", "/HostConfig/LogConfig/Config", Keys("key")),
    ("/restart/policy", "/HostConfig/RestartPolicy/Name", Or("no")),
    ("/restart/max_retries", "/HostConfig/RestartPolicy/MaximumRetryCount", Positive),
    ("/devices", "/HostConfig/Devices", Both("source", "PathOnHost")),
    ("/device_cgroup_rules", "/HostConfig/DeviceCgroupRules", Objects("text")),
    ("/security_opt/options", "/HostConfig/SecurityOpt", Objects("text")),
    ("/volumes_from", "/HostConfig/VolumesFrom", Objects("text")),
    ("/group_add", "/HostConfig/GroupAdd", Objects("text")),
    ("/mounts", "/Mounts", Both("target", "Destination")),
    ("/environment", "/Config/Env", Objects("name")),
    ("/labels", "/Config/Labels", Keys("key")),
    ("/entrypoint", "/Config/Entrypoint", List),
    ("/command", "/Config/Cmd", List),
    ("/working_dir", "/Config/WorkingDir", Text),
    ("/runtime", "/HostConfig/Runtime", Text),
    ("/state/status", "/State/Status", Lower),
    ("/state/restart_count", "/RestartCount", Same),
    ("/state/exec_ids", "/ExecIDs", List),
];

const SERVICE: &[Row] = &[
    ("/id", "/ID", Text),
    ("/name", "/Spec/Name", Text),
    ("/image/raw", "/Spec/TaskTemplate/ContainerSpec/Image", Text),
    ("/restart/max_retries", "/Spec/TaskTemplate/RestartPolicy/MaxAttempts", Positive),
    ("/deploy/replicas", "/Spec/Mode/Replicated/Replicas", Same),
    ("/deploy/replicas", "/Spec/Mode/ReplicatedJob/TotalCompletions", Same),
];

const IMAGE: &[Row] = &[
    ("/image_id", "/Id", Text),
    ("/refs", "/RepoTags", Objects("raw")),
    ("/config/user/raw", "/Config/User", Text),
    ("/config/env", "/Config/Env", Objects("name")),
    ("/config/exposed_ports", "/Config/ExposedPorts", Keys("target")),
    ("/config/volumes", "/Config/Volumes", Keys("text")),
    ("/config/labels", "/Config/Labels", Keys("key")),
    ("/config/entrypoint", "/Config/Entrypoint", List),
    ("/config/cmd", "/Config/Cmd", List),
    ("/config/working_dir", "/Config/WorkingDir", Text),
    ("/config/stop_signal", "/Config/StopSignal", Text),
    ("/author", "/Author", Text),
    ("/created", "/Created", Text),
    ("/platform/os", "/Os", Lower),
    ("/platform/architecture", "/Architecture", Lower),
    ("/size_bytes", "/Size", Same),
    ("/layers", "/RootFS/Layers", Objects("diff_id")),
];

const NETWORK: &[Row] = &[
    ("/name", "/Name", Same),
    ("/driver", "/Driver", Same),
    ("/scope", "/Scope", Same),
    ("/internal", "/Internal", Same),
    ("/attachable", "/Attachable", Same),
    ("/ingress", "/Ingress", Same),
    ("/enable_ipv4", "/EnableIPv4", Same),
    ("/enable_ipv6", "/EnableIPv6", Same),
    ("/options", "/Options", Keys("key")),
    ("/labels", "/Labels", Keys("key")),
];

const VOLUME: &[Row] = &[
    ("/name", "/Name", Same),
    ("/driver", "/Driver", Text),
    ("/mountpoint", "/Mountpoint", Text),
    ("/created_at", "/CreatedAt", Text),
    ("/options", "/Options", Keys("key")),
    ("/labels", "/Labels", Keys("key")),
];

const SECRET: &[Row] = &[
    ("/name", "/Spec/Name", Same),
    ("/driver", "/Spec/Driver/Name", Text),
    ("/labels", "/Spec/Labels", Keys("key")),
];

/// Compares every field of every object, and looks whether everything has a place.
pub(crate) fn check(kind: &str, objects: &[&Value], document: &Document) -> Result<(), String> {
    let facts = serde_json::to_value(&document.facts).map_err(|error| error.to_string())?;
    let list = match kind {
        "container" => &facts["containers"],
        "image" => &facts["images"],
        "network" => &facts["networks"],
        "secret" => &facts["swarm_secrets"],
        _ => &facts["volumes"],
    };
    let mut compared = 0;
    for (at, (object, fact)) in
        objects.iter().zip(list.as_array().into_iter().flatten()).enumerate()
    {
        let rows = match kind {
            "container" if object.get("Spec").is_some() => SERVICE,
            "container" => CONTAINER,
            "image" => IMAGE,
            "network" => NETWORK,
            "secret" => SECRET,
            _ => VOLUME,
        };
        for (field, path, how) in rows {
            compared +=
                usize::from(compare(object, fact, field, path, *how).map_err(|difference| {
                    format!("object {at}, {field} of {path}: {difference}")
                })?);
        }
    }
    if compared == 0 {
        return Err("no field was compared".into());
    }
    places(&facts, document)
}

/// Whether there was something to compare.
fn compare(
    object: &Value,
    fact: &Value,
    field: &str,
    path: &str,
    how: How,
) -> Result<bool, String> {
    let got = fact.pointer(field);
    let written = object.pointer(path).filter(|it| !it.is_null() || !matches!(how, Same));
    let Some(written) = written else {
        // What is not written is unknown: no value, or an empty list.
        let empty = got.is_none_or(|got| {
            got.is_null() || got.as_array().is_some_and(Vec::is_empty) || SETTLED.contains(&field)
        });
        return if empty { Ok(false) } else { Err(format!("got {got:?} of nothing")) };
    };
    let (got, want) = (seen(got.unwrap_or(&Value::Null), how), wanted(written, how));
    // A name that is empty is made up.
    if how == Name && want == json!("") || field == "/mounts" && matches_mounts(&got, &want) {
        return Ok(true);
    }
    if got == want { Ok(true) } else { Err(format!("got {got}, want {want}")) }
}

/// Fields with a value even when nothing is written: names that are made up, and what a swarm
/// defaults.
const SETTLED: [&str; 3] = ["/name", "/restart/max_retries", "/deploy/replicas"];

/// Mounts are cleaned paths, without what is a tmpfs.
fn matches_mounts(got: &Value, want: &Value) -> bool {
    let clean = |value: &Value| {
        let items = value.as_array().into_iter().flatten().filter_map(Value::as_str);
        items.map(|path| path.trim_end_matches('/').to_owned()).collect::<Vec<_>>()
    };
    clean(got) == clean(want)
}

/// A value of the facts as it is compared.
fn seen(got: &Value, how: How) -> Value {
    let each = |key: &str| {
        let items = got.as_array().into_iter().flatten();
        Value::Array(items.map(|item| item[key].clone()).collect())
    };
    match how {
        Objects("name") => {
            let items = got.as_array().into_iter().flatten();
            let join = |item: &Value| match item["value"].as_str() {
                Some(value) => json!(format!("{}={value}", item["name"].as_str().unwrap_or("?"))),
                None => item["name"].clone(),
            };
            Value::Array(items.map(join).collect())
        }
        Objects("raw") => {
            let items = got.as_array().into_iter().flatten();
            let tags =
                items.filter(|item| item["raw"].as_str().is_some_and(|it| !it.contains('@')));
            Value::Array(tags.map(|item| item["raw"].clone()).collect())
        }
        Keys("target") => {
            let items = got.as_array().into_iter().flatten();
            let join = |item: &Value| {
                json!(format!("{}/{}", item["target"], item["protocol"].as_str().unwrap_or("?")))
            };
            Value::Array(items.map(join).collect())
        }
        Objects(key) | Both(key, _) | Keys(key) => each(key),
        _ => got.clone(),
    }
}

/// A value of the sample as it is compared.
fn wanted(written: &Value, how: How) -> Value {
    let list = || written.as_array().cloned().unwrap_or_default();
    let text = written.as_str().unwrap_or_default();
    match how {
        Same => written.clone(),
        Text | Lower | Digest if text.is_empty() => Value::Null,
        Digest if !text.contains(':') => json!(format!("sha256:{text}")),
        Digest => written.clone(),
        Text => written.clone(),
        Lower => json!(text.to_lowercase()),
        Positive if written.as_i64().is_none_or(|it| it <= 0) => Value::Null,
        Nonzero if written.as_i64().is_none_or(|it| it == 0) => Value::Null,
        Positive | Nonzero => written.clone(),
        List | Objects(_) => Value::Array(list()),
        Both(_, key) => Value::Array(list().iter().map(|item| item[key].clone()).collect()),
        Keys(_) => {
            let map = written.as_object();
            Value::Array(map.into_iter().flatten().map(|(key, _)| json!(key)).collect())
        }
        Name => json!(text.trim_start_matches('/')),
        Or(word) if text.is_empty() => json!(word),
        Or(_) => json!(text.split(':').next()),
    }
}

/// Every object of the facts has its own place, and it is in the text.
fn places(facts: &Value, document: &Document) -> Result<(), String> {
    let mut locs = Vec::new();
    collect(facts, &mut locs);
    let text = document.sources[0].text();
    for loc in &locs {
        let place = document.places.place(Loc(*loc)).ok_or(format!("loc {loc} has no place"))?;
        if text.get(place.span.range()).is_none_or(str::is_empty) {
            return Err(format!("loc {loc} points at nothing: {:?}", place.span));
        }
    }
    locs.sort_unstable();
    match locs.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(twice) => Err(format!("loc {} is given twice", twice[0])),
        None => Ok(()),
    }
}

fn collect(value: &Value, locs: &mut Vec<u32>) {
    match value {
        Value::Object(map) => {
            let loc = map.get("loc").and_then(Value::as_u64);
            locs.extend(loc.and_then(|loc| u32::try_from(loc).ok()));
            map.values().for_each(|value| collect(value, locs));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, locs)),
        _ => {}
    }
}
