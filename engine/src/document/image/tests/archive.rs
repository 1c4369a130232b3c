//! Archives built byte by byte.

use std::io::Write;

use sha2::{Digest, Sha256};

/// A tar archive in the making.
#[derive(Clone, Default)]
pub(crate) struct Tar {
    bytes: Vec<u8>,
}

/// An entry's header in the making.
#[derive(Clone)]
pub(crate) struct Header {
    pub(crate) path: String,
    pub(crate) flag: u8,
    pub(crate) mode: u32,
    pub(crate) link: String,
    pub(crate) size: u64,
}

impl Header {
    pub(crate) fn new(path: &str, flag: u8, mode: u32) -> Self {
        Header { path: path.into(), flag, mode, link: String::new(), size: 0 }
    }

    pub(crate) fn bytes(&self) -> [u8; 512] {
        let mut block = [0_u8; 512];
        let mut put = |at: usize, text: &str| {
            block[at..at + text.len()].copy_from_slice(text.as_bytes());
        };
        put(0, &self.path[..self.path.len().min(100)]);
        put(100, &format!("{:07o}", self.mode));
        put(108, "0000001\0");
        put(116, "0000002\0");
        put(124, &format!("{:011o}", self.size));
        put(136, "00000000000");
        put(148, "        ");
        put(157, &self.link);
        put(257, "ustar\u{0}00");
        block[156] = self.flag;
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }
}

impl Tar {
    pub(crate) fn raw(mut self, header: &Header, data: &[u8]) -> Self {
        let header = Header { size: data.len() as u64, ..header.clone() };
        self.bytes.extend(header.bytes());
        self.bytes.extend(data);
        self.bytes.resize(self.bytes.len().next_multiple_of(512), 0);
        self
    }

    pub(crate) fn block(mut self, block: &[u8]) -> Self {
        self.bytes.extend(block);
        self
    }

    pub(crate) fn file(self, path: &str, mode: u32, data: impl AsRef<[u8]>) -> Self {
        self.raw(&Header::new(path, b'0', mode), data.as_ref())
    }

    pub(crate) fn folder(self, path: &str, mode: u32) -> Self {
        self.raw(&Header::new(path, b'5', mode), b"")
    }

    pub(crate) fn link(self, path: &str, flag: u8, target: &str) -> Self {
        let header = Header { link: target.into(), ..Header::new(path, flag, 0o777) };
        self.raw(&header, b"")
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.bytes.extend([0; 1024]);
        self.bytes
    }
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{:x}", Sha256::digest(bytes))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// An image: its layers as distributed and unpacked, and what else its configuration says.
#[derive(Clone, Default)]
pub(crate) struct Recipe {
    pub(crate) layers: Vec<(Vec<u8>, Vec<u8>)>,
    /// Members of the configuration, without `rootfs`.
    pub(crate) config: String,
    pub(crate) docker: bool,
}

impl Recipe {
    pub(crate) fn new(config: &str) -> Self {
        Recipe { config: config.into(), ..Recipe::default() }
    }

    pub(crate) fn layer(mut self, layer: Tar) -> Self {
        let bytes = layer.finish();
        self.layers.push((bytes.clone(), bytes));
        self
    }

    pub(crate) fn config_json(&self) -> String {
        let ids: Vec<String> =
            self.layers.iter().map(|(_, bytes)| format!("\"{}\"", digest(bytes))).collect();
        format!(
            r#"{{"architecture":"amd64","os":"linux",{}"rootfs":{{"type":"layers","diff_ids":[{}]}}}}"#,
            self.config,
            ids.join(",")
        )
    }

    pub(crate) fn manifest_json(&self) -> String {
        let prefix = if self.docker {
            "application/vnd.docker.container.image.v1+json"
        } else {
            "application/vnd.oci.image.config.v1+json"
        };
        let config = descriptor(prefix, self.config_json().as_bytes(), "");
        let layers: Vec<String> = self
            .layers
            .iter()
            .map(|(bytes, _)| descriptor("application/vnd.oci.image.layer.v1.tar", bytes, ""))
            .collect();
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        format!(
            r#"{{"schemaVersion":2,"mediaType":"{media_type}","config":{config},"layers":[{}]}}"#,
            layers.join(",")
        )
    }

    /// Every blob: configuration, manifest, layers.
    pub(crate) fn blobs(&self) -> Vec<Vec<u8>> {
        let texts = [self.config_json().into_bytes(), self.manifest_json().into_bytes()];
        texts.into_iter().chain(self.layers.iter().map(|(bytes, _)| bytes.clone())).collect()
    }

    /// Its entry in an index; `more` are further members.
    pub(crate) fn entry(&self, more: &str) -> String {
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        descriptor(media_type, self.manifest_json().as_bytes(), more)
    }

    /// A layout of this image alone.
    pub(crate) fn layout(&self) -> Layout {
        let more = r#","annotations":{"io.containerd.image.name":"docker.io/library/app:1"}"#;
        Layout::new(&index(&[self.entry(more)])).blobs(self.blobs())
    }
}

pub(crate) fn descriptor(media_type: &str, bytes: &[u8], more: &str) -> String {
    let (digest, size) = (digest(bytes), bytes.len());
    format!(r#"{{"mediaType":"{media_type}","digest":"{digest}","size":{size}{more}}}"#)
}

pub(crate) fn index(entries: &[String]) -> String {
    let media_type = "application/vnd.oci.image.index.v1+json";
    let entries = entries.join(",");
    format!(r#"{{"schemaVersion":2,"mediaType":"{media_type}","manifests":[{entries}]}}"#)
}

/// The files of a layout.
#[derive(Clone, Default)]
pub(crate) struct Layout {
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Layout {
    pub(crate) fn new(index: &str) -> Self {
        let version = br#"{"imageLayoutVersion":"1.0.0"}"#;
        let files = vec![
            ("oci-layout".into(), version.to_vec()),
            ("index.json".into(), index.as_bytes().to_vec()),
        ];
        Layout { files }
    }

    pub(crate) fn blobs(mut self, blobs: Vec<Vec<u8>>) -> Self {
        for blob in blobs {
            let path = format!("blobs/{}", digest(&blob).replace(':', "/"));
            self.files.push((path, blob));
        }
        self
    }

    pub(crate) fn archive(&self) -> Vec<u8> {
        let tar = Tar::default();
        let tar = self.files.iter().fold(tar, |tar, (path, data)| tar.file(path, 0o644, data));
        tar.finish()
    }
}
