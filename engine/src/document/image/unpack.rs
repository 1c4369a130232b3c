//! Compressed streams: what they are told by, how they are unpacked, how much of it.
//!
//! Owns gzip and Zstandard, in one or several parts, and the readers that count and hash what goes
//! through them. Nothing is kept in memory but a window.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::rc::Rc;

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use sha2::{Digest, Sha256, Sha512};

use super::limits;

/// How a stream is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    /// Told by the first bytes: magic numbers of RFC 1952 and RFC 8878, with skippable frames.
    pub(super) fn of(first: &[u8]) -> Self {
        match first {
            [0x1f, 0x8b, 0x08, ..] => Compression::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
            _ => Compression::None,
        }
    }
}

/// A stream whose first bytes were looked at, and are still to be read.
pub(super) type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

/// The first bytes of a stream, at most so many, and the stream as it was.
pub(super) fn peek<R: Read>(mut stream: R, count: u64) -> io::Result<(Vec<u8>, Peeked<R>)> {
    let mut first = Vec::new();
    stream.by_ref().take(count).read_to_end(&mut first)?;
    Ok((first.clone(), Cursor::new(first).chain(stream)))
}

/// Unpacks a stream.
pub(super) fn unpack<'r>(stream: impl Read + 'r, compression: Compression) -> Box<dyn Read + 'r> {
    match compression {
        Compression::None => Box::new(stream),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(stream)),
        Compression::Zstd => Box::new(Zstd::new(stream)),
    }
}

/// A digest in the making.
pub(super) enum Hash {
    Sha256(Sha256),
    Sha512(Box<Sha512>),
    /// For what is hashed elsewhere; its digest is empty.
    Nothing,
}

impl Hash {
    /// For digests of this algorithm; `None` when it is not known.
    pub(super) fn new(algorithm: &str) -> Option<Self> {
        match algorithm {
            "sha256" => Some(Hash::Sha256(Sha256::new())),
            "sha512" => Some(Hash::Sha512(Box::default())),
            _ => None,
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Hash::Sha256(hash) => hash.update(bytes),
            Hash::Sha512(hash) => hash.update(bytes),
            Hash::Nothing => {}
        }
    }

    /// `sha256:…`.
    pub(super) fn finish(self) -> String {
        match self {
            Hash::Sha256(hash) => format!("sha256:{:x}", hash.finalize()),
            Hash::Sha512(hash) => format!("sha512:{:x}", hash.finalize()),
            Hash::Nothing => String::new(),
        }
    }
}

/// A stream that is hashed and counted as it is read.
pub(super) struct Meter<R> {
    inner: R,
    hash: Hash,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Meter<R> {
    pub(super) fn new(inner: R, hash: Hash) -> Self {
        Meter { inner, hash, count: Rc::default() }
    }

    /// The number of bytes read so far, also while something else holds the stream.
    pub(super) fn counter(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.count)
    }

    /// Reads the rest, and gives the digest and the length of it all.
    pub(super) fn finish(mut self) -> io::Result<(String, u64)> {
        io::copy(&mut self, &mut io::sink())?;
        Ok((self.hash.finish(), self.count.get()))
    }
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}

/// An unpacked stream that ends in an error when there is too much of it.
pub(super) struct Bounded<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    count: u64,
    limit: u64,
}

impl<R: Read> Bounded<R> {
    /// `packed` counts the bytes that it is unpacked from.
    pub(super) fn new(inner: R, packed: Rc<Cell<u64>>, limit: u64) -> Self {
        Bounded { inner, packed, count: 0, limit }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count as u64;
        if self.count > self.limit {
            return Err(io::Error::other(format!("it has more than {} bytes", self.limit)));
        }
        if self.count > limits::RATIO_FROM && self.count / limits::RATIO > self.packed.get() {
            let message =
                format!("it unpacks to more than {} times its size, as a trap does", limits::RATIO);
            return Err(io::Error::other(message));
        }
        Ok(count)
    }
}

/// Zstandard frames one after the other. The checksum of a frame is not compared: digests are.
struct Zstd<R: Read> {
    source: BufReader<R>,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl<R: Read> Zstd<R> {
    fn new(source: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(limits::ZSTD_WINDOW);
        Zstd { source: BufReader::with_capacity(64 << 10, source), decoder, in_frame: false }
    }

    /// Begins the next frame; false at the end of the stream.
    fn next_frame(&mut self) -> io::Result<bool> {
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let length = u64::from(length);
                    io::copy(&mut self.source.by_ref().take(length), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(format!("{error}"))),
            }
        }
    }
}

impl<R: Read> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.in_frame {
                let count = self.decoder.read(buffer)?;
                if count > 0 || buffer.is_empty() {
                    return Ok(count);
                }
                if !self.decoder.is_finished() {
                    let strategy = BlockDecodingStrategy::UptoBlocks(1);
                    self.decoder
                        .decode_blocks(&mut self.source, strategy)
                        .map_err(|error| io::Error::other(format!("{error}")))?;
                    continue;
                }
            }
            self.in_frame = self.next_frame()?;
            if !self.in_frame {
                return Ok(0);
            }
        }
    }
}
