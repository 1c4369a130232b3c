//! Containers with every dangerous and every hardened setting: created, inspected, judged.
//!
//! Each row changes the hardened container, and names the rules that fire because of it: these and no
//! others. Containers are created and never started, so nothing dangerous happens.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use plimsoll_engine::Engine as Plimsoll;
use plimsoll_engine::document::{Input, ReadOptions, inspect};
use plimsoll_engine::source::Source;
use plimsoll_tests::checklist;

use crate::engine::Engine;

/// A container that no rule finds fault with.
const HARDENED: &[&str] = &[
    "--user=10001:10001",
    "--read-only",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--memory=64m",
    "--cpus=0.5",
    "--pids-limit=64",
    "--network=none",
    "--ipc=private",
    "--health-cmd=/bin/busybox true",
    "--log-driver=json-file",
    "--log-opt=max-size=1m",
    "--restart=on-failure:3",
];

/// A change of the hardened container, and the rules that it makes fire.
struct Row {
    without: &'static [&'static str],
    with: &'static [&'static str],
    rules: &'static [&'static str],
}

const fn with(with: &'static [&'static str], rules: &'static [&'static str]) -> Row {
    Row { without: &[], with, rules }
}

const fn without(without: &'static [&'static str], rules: &'static [&'static str]) -> Row {
    Row { without, with: &[], rules }
}

const ROWS: &[Row] = &[
    with(&[], &[]),
    with(&["--privileged"], &["container/privileged"]),
    with(&["--user=0"], &["container/root-user"]),
    with(&["--user=root:app"], &["container/root-user"]),
    with(&["--user=00"], &["container/root-user"]),
    without(&["--cap-drop=ALL"], &["container/undropped-capabilities"]),
    with(&["--cap-add=NET_BIND_SERVICE"], &[]),
    with(&["--cap-add=cap_net_bind_service"], &[]),
    with(&["--cap-add=SYS_ADMIN"], &["container/dangerous-capability"]),
    with(&["--cap-add=ALL"], &["container/dangerous-capability"]),
    with(&["--cap-add=AUDIT_CONTROL"], &["container/dangerous-capability"]),
    with(&["--cap-add=IPC_LOCK"], &["container/unlisted-capability"]),
    without(&["--security-opt=no-new-privileges"], &["container/new-privileges"]),
    without(&["--read-only"], &["container/writable-rootfs"]),
    without(&["--memory=64m"], &["container/unlimited-memory"]),
    without(&["--cpus=0.5"], &["container/unlimited-cpu"]),
    without(&["--pids-limit=64"], &["container/unlimited-pids"]),
    with(&["--pids-limit=-1"], &["container/unlimited-pids"]),
    Row {
        without: &["--network=none"],
        with: &["--network=host"],
        rules: &["container/host-network"],
    },
    without(&["--network=none"], &["container/default-bridge"]),
    // With these the engine itself writes `label=disable`.
    with(&["--pid=host"], &["container/host-pid"]),
    with(&["--ipc=host"], &["container/host-ipc"]),
    with(&["--uts=host"], &["container/host-uts"]),
    with(&["--userns=host"], &["container/host-userns"]),
    with(&["--volume=/var/run/docker.sock:/var/run/docker.sock"], &["container/docker-socket"]),
    with(&["--volume=/run/docker.sock:/x:ro"], &["container/docker-socket"]),
    with(
        &["--volume=/etc:/host/etc:ro"],
        &["container/sensitive-mount", "secret/host-credential-mount"],
    ),
    with(&["--volume=/srv/data:/data"], &[]),
    with(&["--device=/dev/fuse"], &["container/host-device"]),
    with(&["--security-opt=seccomp=unconfined"], &["container/disabled-seccomp"]),
    with(&["--security-opt=apparmor=unconfined"], &["container/disabled-apparmor"]),
    with(&["--security-opt=label=disable"], &["container/disabled-selinux"]),
    Row {
        without: &["--log-driver=json-file", "--log-opt=max-size=1m"],
        with: &["--log-driver=none"],
        rules: &["container/unbounded-logs"],
    },
    Row {
        without: &["--log-driver=json-file", "--log-opt=max-size=1m"],
        with: &["--log-driver=local"],
        rules: &[],
    },
    without(&["--log-opt=max-size=1m"], &["container/unbounded-logs"]),
    Row {
        without: &["--network=none"],
        with: &["--publish=127.0.0.1:8080:8080"],
        rules: &["container/default-bridge"],
    },
    Row {
        without: &["--network=none"],
        with: &["--publish=8080:8080"],
        rules: &["container/default-bridge", "container/wildcard-port"],
    },
    Row {
        without: &["--network=none"],
        with: &["--publish=5432:5432"],
        rules: &["container/default-bridge", "container/exposed-data-port"],
    },
    with(&["--env=DB_PASSWORD=correct-horse"], &["secret/plain-environment"]),
    with(&["--env=LANG=C"], &[]),
];

/// Areas whose rules the rows name in full.
const AREAS: [&str; 2] = ["container/", "secret/"];

/// Creates every container and compares what is found in it.
pub(crate) fn check(engine: &Engine) {
    build(engine);
    let bundle = checklist();
    let known: BTreeSet<String> = bundle.rules().iter().map(|rule| rule.id().to_string()).collect();
    let plimsoll = Plimsoll::builder().bundle(bundle).threads(1).build();
    let plimsoll = plimsoll.unwrap_or_else(|error| panic!("{error}"));
    let mut complaints = String::new();
    for (number, row) in ROWS.iter().enumerate() {
        let name = format!("case{number}");
        let name_argument = format!("--name={name}");
        let mut arguments = vec!["create", &name_argument];
        arguments.extend(HARDENED.iter().filter(|argument| !row.without.contains(argument)));
        arguments.extend(row.with);
        arguments.push("plimsoll/busybox:1");
        if let Err(error) = engine.run(&arguments) {
            let _ = writeln!(complaints, "{:?}: docker create: {error}", row.with);
            continue;
        }
        let text = engine.docker(&["inspect", &name]);
        let found = findings(&plimsoll, &text, &mut complaints);
        let expected: BTreeSet<String> = row.rules.iter().map(|rule| (*rule).to_owned()).collect();
        let missing: Vec<&String> =
            expected.difference(&found).filter(|rule| known.contains(*rule)).collect();
        let more: Vec<&String> = found.difference(&expected).collect();
        if !missing.is_empty() || !more.is_empty() {
            let (with, without) = (row.with, row.without);
            let _ = writeln!(
                complaints,
                "with {with:?} without {without:?}: missing {missing:?}, too many {more:?}"
            );
        }
    }
    let named: BTreeSet<&str> = ROWS.iter().flat_map(|row| row.rules).copied().collect();
    let absent: Vec<&&str> = named.iter().filter(|rule| !known.contains(**rule)).collect();
    println!("{} containers judged; not in the bundle: {absent:?}", ROWS.len());
    assert!(complaints.is_empty(), "\n{complaints}");
}

/// An image of busybox alone: there is no registry to take one from.
fn build(engine: &Engine) {
    let context = engine.folder().join("context");
    std::fs::create_dir_all(&context).expect("a folder");
    std::fs::copy(engine.file("bin/busybox"), context.join("busybox")).expect("busybox");
    let dockerfile = "FROM scratch\nCOPY busybox /bin/busybox\nENTRYPOINT [\"/bin/busybox\"]\n";
    std::fs::write(context.join("Dockerfile"), dockerfile).expect("a file");
    engine.docker(&["build", "--tag=plimsoll/busybox:1", &context.display().to_string()]);
}

/// The rules of the areas that find something in what `docker inspect` printed.
fn findings(plimsoll: &Plimsoll, text: &str, complaints: &mut String) -> BTreeSet<String> {
    let input = Input { source: Source::new("inspect.json", text), folder: None };
    let documents = inspect::read(&input, &ReadOptions::default());
    for problem in documents.iter().flat_map(|document| &document.problems) {
        let _ = writeln!(complaints, "problem: {}", problem.message);
    }
    let report = plimsoll.check(documents);
    let rules = report.decisions.iter().map(|decision| decision.finding.rule.id.to_string());
    rules.filter(|id| AREAS.iter().any(|area| id.starts_with(area))).collect()
}
