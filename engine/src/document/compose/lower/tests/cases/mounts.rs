//! What is mounted into services.

use super::Case;

pub(super) const MOUNTS: &[Case] = &[
    (
        "{image: x, volumes: [{type: bind, source: /var/run/docker.sock, target: /d, read_only: true}]}",
        "",
        &[
            ("/mounts/0/host_path", r#""/run/docker.sock""#),
            ("/mounts/0/source", r#""/var/run/docker.sock""#),
            ("/mounts/0/read_only", "true"),
            ("/mounts/0/origin", r#""volumes""#),
        ],
    ),
    (
        "{image: x, volumes: ['//var/run/../run/docker.sock:/d:ro,z']}",
        "",
        &[
            ("/mounts/0/host_path", r#""/run/docker.sock""#),
            ("/mounts/0/type", r#""bind""#),
            ("/mounts/0/selinux", r#""z""#),
            ("/mounts/0/driver", "null"),
        ],
    ),
    (
        "{image: x, volumes: [{type: bind, source: /a, target: /a, bind: {recursive: writable}}, \
         {type: bind, source: /b, target: /b, bind: {recursive: enabled}}, '/c:/c', \
         {type: bind, source: /d, target: /d, bind: {recursive: '${R}'}}]}",
        "",
        &[
            ("/mounts/0/recursive", r#""writable""#),
            ("/mounts/1/recursive", "null"),
            ("/mounts/2/recursive", "null"),
            ("/mounts/3/recursive", r#""absent""#),
        ],
    ),
    (
        "{image: x, use_api_socket: true}",
        "",
        &[
            ("/use_api_socket", "true"),
            ("/mounts/0/host_path", r#""/run/docker.sock""#),
            ("/mounts/0/origin", r#""use_api_socket""#),
        ],
    ),
    (
        "{image: x, volumes: ['data:/data', '/anonymous']}",
        "volumes: {data: {driver_opts: {type: none, o: bind, device: /etc/../etc}}}",
        &[
            ("/mounts/0/host_path", r#""/etc""#),
            ("/mounts/0/volume", r#""data""#),
            ("/mounts/0/type", r#""bind""#),
            ("/mounts/0/origin", r#""volume_options""#),
            ("/mounts/1/type", r#""volume""#),
            ("/mounts/1/host_path", "null"),
            ("/mounts/1/source", "null"),
            ("/mounts/1/volume", "null"),
            ("//volumes/0/bind_device", r#""/etc""#),
            ("//volumes/0/used_by", r#"["s"]"#),
        ],
    ),
    (
        "{image: x, volumes: ['one:/a', 'two:/b', 'three:/c']}",
        "volumes: {one: , two: {external: true}, three: {driver_opts: {o: 'rw,rbind', device: '${D}'}}}",
        &[
            ("/mounts/0/host_path", "null"),
            ("/mounts/0/driver", r#""local""#),
            ("/mounts/1/host_path", r#""absent""#),
            ("/mounts/1/driver", r#""absent""#),
            ("/mounts/2/host_path", r#""absent""#),
            ("//volumes/0/bind_device", "null"),
            ("//volumes/1/external", "true"),
            ("//volumes/1/incomplete", r#"["options","labels"]"#),
        ],
    ),
    (
        "{image: x, volumes: ['./a:/a', '../b:/b', '../../c:/c', '~/.ssh:/d', '${HOME}/.aws:/e']}",
        "",
        &[
            ("/mounts/0/source", r#""./a""#),
            ("/mounts/0/host_path", "null"),
            ("/mounts/1/source", r#""../b""#),
            ("/mounts/1/host_path", "null"),
            ("/mounts/2/source", r#""../../c""#),
            ("/mounts/2/host_path", r#""absent""#),
            ("/mounts/3/host_path", r#""~/.ssh""#),
            ("/mounts/4/host_path", r#""~/.aws""#),
            ("/mounts/4/type", r#""bind""#),
            ("/mounts/4/target", r#""/e""#),
            ("/mounts/4/missing", r#"["HOME"]"#),
        ],
    ),
    (
        "{image: x, volumes: ['${SOCK}:/var/run/docker.sock', '${ALL}', '/x:${TARGET}']}",
        "",
        &[
            ("/mounts/0/target", r#""/var/run/docker.sock""#),
            ("/mounts/0/host_path", r#""absent""#),
            ("/mounts/0/missing", r#"["SOCK"]"#),
            ("/mounts/1/raw", r#""${ALL}""#),
            ("/mounts/1/type", r#""absent""#),
            ("/mounts/2/host_path", r#""/x""#),
            ("/mounts/2/target", r#""absent""#),
        ],
    ),
    (
        "{image: x, tmpfs: ['/run:size=64m,noexec', /tmp], volumes: [{type: tmpfs, target: /t}]}",
        "",
        &[
            ("/mounts", "[]"),
            ("/tmpfs/0/target", r#""/t""#),
            ("/tmpfs/0/size_bytes", "null"),
            ("/tmpfs/1/options", r#"["size=64m","noexec"]"#),
            ("/tmpfs/1/size_bytes", "67108864"),
        ],
    ),
    (
        "{image: x, secrets: [f, e], configs: [{source: c, target: /etc/c.conf, mode: 0440}]}",
        "secrets: {f: {file: ../key}, e: {environment: E}, n: {file: /etc/n}}\n\
         configs: {c: {file: ./c.conf}}",
        &[
            ("/mounts/0/origin", r#""secrets""#),
            ("/mounts/0/target", r#""/run/secrets/f""#),
            ("/mounts/0/source", r#""../key""#),
            ("/mounts/1/origin", r#""configs""#),
            ("/mounts/1/target", r#""/etc/c.conf""#),
            ("/mounts/2", r#""absent""#),
            ("/secrets/1/source", r#""e""#),
            ("/secrets/1/target", "null"),
            ("/configs/0/mode", "288"),
            ("//project/secrets/0/consumers", r#"["s"]"#),
            ("//project/secrets/1/source", r#""environment""#),
            ("//project/unused/0/text", r#""secret n""#),
        ],
    ),
];
