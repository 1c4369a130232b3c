//! Sources other than Dockerfiles, as a user gives them to the program.

mod support;

use support::Project;

const COMPOSE: &str = "services:\n  web:\n    image: nginx:1.29\n    user: '101'\n";

const CONTAINER: &str = r#"[{"Id": "4f66ad9a0b2e", "Name": "/web", "Image": "sha256:00",
    "Config": {"Image": "nginx:1.29", "User": "0", "Env": []},
    "HostConfig": {"NetworkMode": "front", "Privileged": true}}]"#;

/// What `facts` prints of these paths.
fn facts(project: &Project, args: &[&str]) -> serde_json::Value {
    let run = project.run(&[&["facts", "--no-config"], args].concat());
    assert_eq!(run.code, Some(0), "{}", run.shown());
    serde_json::from_str(&run.stdout).expect("JSON")
}

#[test]
fn a_folder_has_projects_with_what_is_merged_over_them() {
    let project = Project::new("sources-projects")
        .file("a/compose.yaml", COMPOSE)
        .file("a/compose.override.yaml", "services:\n  web:\n    privileged: true\n")
        .file("a/compose.prod.yaml", "services:\n  web:\n    read_only: true\n")
        .file("a/compose.test.yaml", "services:\n  test:\n    image: busybox:1.37\n")
        .file("b/docker-compose.yml", COMPOSE);
    let all = facts(&project, &["."]);
    let documents = all.as_array().expect("several documents");
    let shown: Vec<(&str, &str, bool)> = documents
        .iter()
        .map(|facts| {
            let container = &facts["containers"][0];
            let name = facts["document"]["name"].as_str().expect("a name");
            let read_only = container["read_only"].as_bool().expect("known");
            let privileged = container["privileged"].as_bool().expect("known");
            (name, container["name"].as_str().expect("a name"), privileged || read_only)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("a/compose.prod.yaml", "web", true),
            ("a/compose.test.yaml", "test", false),
            ("a/compose.yaml", "web", true),
            ("b/docker-compose.yml", "web", false),
        ]
    );
}

#[test]
fn files_are_merged_in_the_order_they_are_named() {
    let project = Project::new("sources-merged")
        .file("compose.yaml", COMPOSE)
        .file("one.yaml", "services: {web: {user: '1'}}\n")
        .file("two.yaml", "services: {web: {user: '2'}}\n");
    let user = |paths: &str| facts(&project, &[paths])["containers"][0]["user"]["uid"].clone();
    assert_eq!(user("compose.yaml"), 101);
    assert_eq!(user("compose:compose.yaml,one.yaml,two.yaml"), 2);
    assert_eq!(user("compose:compose.yaml,two.yaml,one.yaml"), 1);
    let run = project.run(&["check", "compose:compose.yaml,three.yaml"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.shown().contains("`three.yaml` cannot be merged"), "{}", run.shown());
}

#[test]
fn variables_come_from_files_and_only_when_asked_from_the_environment() {
    let project = Project::new("sources-variables")
        .file("compose.yaml", "services:\n  web:\n    image: nginx:${PATH_TAG}\n    user: $PATH\n")
        .file("tags.env", "PATH_TAG=1.29\n");
    let tag = |args: &[&str]| facts(&project, args)["containers"][0]["image"]["tag"].clone();
    assert_eq!(tag(&["compose.yaml"]), serde_json::Value::Null, "absent");
    assert_eq!(tag(&["--env-file", "tags.env", "compose.yaml"]), "1.29");
    let user = |args: &[&str]| facts(&project, args)["containers"][0]["user"]["text"].clone();
    assert!(user(&["compose.yaml"]).is_null());
    assert!(user(&["--use-env", "compose.yaml"]).is_string());
    let run = project.run(&["check", "--env-file", "nowhere.env", "compose.yaml"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.shown().contains("there is no `nowhere.env`"), "{}", run.shown());
}

#[test]
fn what_runs_is_piped_in() {
    let project = Project::new("sources-piped");
    let run = project.run_with_input(&["facts", "--no-config", "-"], CONTAINER);
    let facts: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(facts["document"]["kind"], "container", "{}", run.shown());
    assert_eq!(facts["containers"][0]["privileged"], true);
}

#[test]
fn documents_of_one_run_know_of_each_other() {
    let image = r#"[{"Id": "sha256:00", "RepoTags": ["nginx:1.29"], "RepoDigests": [],
        "Config": {"User": "101", "Env": ["A=b"]}, "RootFS": {"Type": "layers", "Layers": []},
        "Os": "linux", "Architecture": "amd64"}]"#;
    let project = Project::new("sources-linked")
        .file("compose.yaml", "services:\n  web:\n    image: nginx:1.29\n")
        .file("image.json", image)
        .file("daemon.json", r#"{"log-driver": "local", "no-new-privileges": true}"#);
    let alone = facts(&project, &["compose.yaml"]);
    assert_eq!(alone["containers"][0]["user"]["from"], "unknown");
    let all = facts(&project, &["compose.yaml", "image.json", "daemon.json"]);
    let container = &all[0]["containers"][0];
    assert_eq!(container["image"]["match"], "reference");
    assert_eq!(container["user"]["uid"], 101);
    assert_eq!(container["user"]["from"], "image");
    assert_eq!(container["environment"][0]["from"], "image");
    assert_eq!(container["logging"]["driver"], "local");
    assert_eq!(container["logging"]["from"], "daemon");
    assert_eq!(container["security_opt"]["no_new_privileges"], true);
    assert_eq!(all[0]["linked"]["daemon"]["no_new_privileges"], true);
}

#[test]
fn a_service_has_the_image_that_it_builds() {
    let project = Project::new("sources-built")
        .file(
            "compose.yaml",
            "services:\n  web:\n    build: {context: ., target: app, args: {U: '7'}}\n",
        )
        .file("Dockerfile", "FROM alpine:3.22 AS app\nARG U\nUSER ${U}\nFROM app\nUSER root\n");
    let all = facts(&project, &["compose.yaml"]);
    let container = &all["containers"][0];
    assert_eq!(container["image"]["match"], "build");
    assert_eq!(container["user"]["uid"], 7);
}

#[test]
fn what_nobody_judges_is_no_pass() {
    let project = Project::new("sources-unjudged").file("compose.yaml", COMPOSE);
    let run = project.run(&["check", "--no-config", "--rule", "image/root-user", "compose.yaml"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.shown().contains("no rule in force judges anything"), "{}", run.shown());
}

#[test]
fn broken_sources_are_told_with_their_places() {
    let project = Project::new("sources-broken")
        .file("compose.yaml", "services:\n  web:\n    imagee: nginx\n")
        .file("stack.txt", "services: [\n")
        .file("inspect.json", "[{\"Id\": \"4f66ad9a0b2e\", \"HostConfig\": {}, \"Config\": {}")
        .file("ps.json", "[{\"Id\": \"4f66ad9a0b2e\", \"Names\": [\"/web\"], \"HostConfig\": {}}]")
        .file("daemon.json", "{\"icc\": \"no\", \"live-restor\": true}")
        .file("image.tar", "this is no archive");
    for (path, said) in [
        ("compose.yaml", "did you mean `image`"),
        ("compose:stack.txt", "stack.txt:"),
        ("inspect.json", "inspect.json:1:"),
        ("ps.json", "docker inspect"),
        ("daemon.json", "live-restore"),
        ("image:image.tar", "image.tar"),
        ("image.tar", "cannot tell what `image.tar` is"),
        ("kompose:compose.yaml", "there is no `kompose:compose.yaml`"),
    ] {
        let run = project.run(&["check", "--no-config", path]);
        assert_eq!(run.code, Some(2), "{path}\n{}", run.shown());
        assert!(run.shown().contains(said), "{path} does not say {said:?}\n{}", run.shown());
        assert!(!run.shown().contains("panicked"), "{path}\n{}", run.shown());
    }
}
