//! Package databases, those of rpm built byte by byte.

use super::{Package, apk, dpkg, rpm};

fn names(packages: &[Package]) -> Vec<(&str, &str)> {
    packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect()
}

#[test]
fn dpkg_lists_what_is_installed() {
    let text = "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc (2.1)\n\
                Version: 2.36-9\nDescription: x\n y: z\n\nPackage: gone\nStatus: deinstall ok config-files\n\
                Version: 1\n\nPackage: base-files\nVersion: 12.4";
    let packages = dpkg(text);
    assert_eq!(names(&packages), [("libc6", "2.36-9"), ("base-files", "12.4")]);
    assert_eq!(packages[0].source.as_deref(), Some("glibc"));
    assert_eq!(packages[0].licence, None);
}

#[test]
fn apk_lists_licences() {
    let text = "C:Q1x=\nP:musl\nV:1.2.5-r10\nA:x86_64\nL:MIT\no:musl\nF:lib\n\nP:a\nV:1\n";
    let packages = apk(text);
    assert_eq!(names(&packages), [("musl", "1.2.5-r10"), ("a", "1")]);
    assert_eq!(packages[0].licence.as_deref(), Some("MIT"));
}

/// A header of rpm with these string tags, and one number.
fn header(tags: &[(u32, &str)], epoch: Option<u32>) -> Vec<u8> {
    let (mut index, mut data) = (Vec::new(), Vec::new());
    let mut entry = |tag: u32, kind: u32, bytes: &[u8]| {
        for number in [tag, kind, u32::try_from(data.len()).unwrap(), 1] {
            index.extend(number.to_be_bytes());
        }
        data.extend(bytes);
    };
    if let Some(epoch) = epoch {
        entry(1003, 4, &epoch.to_be_bytes());
    }
    for (tag, text) in tags {
        entry(*tag, 6, format!("{text}\0").as_bytes());
    }
    let count = u32::try_from(index.len() / 16).unwrap();
    let length = u32::try_from(data.len()).unwrap();
    [&count.to_be_bytes()[..], &length.to_be_bytes(), &index, &data].concat()
}

fn blobs() -> Vec<Vec<u8>> {
    let long = "x".repeat(9000);
    vec![
        header(&[(1000, "gpg-pubkey"), (1001, "1"), (1002, "1")], None),
        header(
            &[
                (1000, "bash"),
                (1001, "5.2"),
                (1002, "4.el10"),
                (1014, "GPL-3.0"),
                (1022, "x86_64"),
                (1044, "bash-5.2-4.el10.src.rpm"),
                (9999, &long),
            ],
            Some(1),
        ),
        header(&[(1000, "zlib"), (1001, "1.3"), (1002, "2")], None),
    ]
}

fn check(file: &[u8]) {
    let packages = rpm(file).unwrap();
    assert_eq!(names(&packages), [("bash", "1:5.2-4.el10"), ("zlib", "1.3-2")]);
    assert_eq!(packages[0].source.as_deref(), Some("bash"));
    assert_eq!(packages[0].licence.as_deref(), Some("GPL-3.0"));
    // Every way of cutting it off, and every byte changed, ends.
    for at in (0..file.len()).step_by(61) {
        let _ = rpm(&file[..at]);
        let mut changed = file.to_vec();
        changed[at] ^= 0xff;
        let _ = rpm(&changed);
    }
}

fn varint(value: usize) -> Vec<u8> {
    if value < 128 {
        vec![u8::try_from(value).unwrap()]
    } else {
        let mut bytes = varint(value >> 7);
        for byte in &mut bytes {
            *byte |= 0x80;
        }
        bytes.push(u8::try_from(value & 127).unwrap());
        bytes
    }
}

fn record(columns: &[(usize, &[u8])]) -> Vec<u8> {
    let serials: Vec<u8> = columns.iter().flat_map(|(serial, _)| varint(*serial)).collect();
    let data: Vec<u8> = columns.iter().flat_map(|(_, data)| data.to_vec()).collect();
    [varint(serials.len() + 1), serials, data].concat()
}

const PAGE: usize = 1024;

/// A leaf of a table; what is too long for it goes to pages that `more` gets.
fn leaf(start: usize, records: &[Vec<u8>], first_free: usize, more: &mut Vec<Vec<u8>>) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    let (mut end, mut pointers) = (PAGE, Vec::new());
    for (key, record) in records.iter().enumerate() {
        let most = PAGE - 35;
        let local = if record.len() <= most {
            record.len()
        } else {
            let least = (PAGE - 12) * 32 / 255 - 23;
            let fitting = least + (record.len() - least) % (PAGE - 4);
            if fitting <= most { fitting } else { least }
        };
        let mut cell = [varint(record.len()), varint(key + 1), record[..local].to_vec()].concat();
        let rest: Vec<&[u8]> = record[local..].chunks(PAGE - 4).collect();
        if !rest.is_empty() {
            cell.extend(u32::try_from(first_free + more.len()).unwrap().to_be_bytes());
        }
        for (at, chunk) in rest.iter().enumerate() {
            let next = if at + 1 < rest.len() { first_free + more.len() + 1 } else { 0 };
            let mut page = u32::try_from(next).unwrap().to_be_bytes().to_vec();
            page.extend(*chunk);
            page.resize(PAGE, 0);
            more.push(page);
        }
        end -= cell.len();
        page[end..end + cell.len()].copy_from_slice(&cell);
        pointers.extend(u16::try_from(end).unwrap().to_be_bytes());
    }
    page[start] = 0x0d;
    page[start + 3..start + 5]
        .copy_from_slice(&u16::try_from(records.len()).unwrap().to_be_bytes());
    page[start + 8..start + 8 + pointers.len()].copy_from_slice(&pointers);
    page
}

#[test]
fn rpm_in_sqlite() {
    let text = |text: &'static str| (13 + 2 * text.len(), text.as_bytes());
    let table = |name| record(&[text("table"), text(name), text(name), (1, &[2]), text("")]);
    let mut more = Vec::new();
    let mut first = leaf(100, &[table("Packages")], 4, &mut more);
    first[..16].copy_from_slice(b"SQLite format 3\0");
    first[16..18].copy_from_slice(&u16::try_from(PAGE).unwrap().to_be_bytes());
    let row = |blob: &Vec<u8>| record(&[(0, b""), (12 + 2 * blob.len(), blob)]);
    let rows: Vec<Vec<u8>> = blobs().iter().map(row).collect();
    let second = leaf(0, &rows, 3, &mut more);
    check(&[vec![first, second], more].concat().concat());
}

#[test]
fn rpm_in_ndb() {
    let mut file = vec![0; 4096];
    file[..4].copy_from_slice(b"RpmP");
    file[12] = 1;
    for slot in file[32..].chunks_exact_mut(16) {
        slot[..4].copy_from_slice(b"Slot");
    }
    for (index, blob) in (1_u32..).zip(blobs()) {
        let slot = 32 + 16 * index as usize;
        let start = u32::try_from(file.len() / 16).unwrap();
        file[slot + 4..slot + 8].copy_from_slice(&index.to_le_bytes());
        file[slot + 8..slot + 12].copy_from_slice(&start.to_le_bytes());
        let length = u32::try_from(blob.len()).unwrap();
        file.extend([&b"BlbS"[..], &index.to_le_bytes(), &[0; 4], &length.to_le_bytes()].concat());
        file.extend(blob);
        file.resize(file.len().next_multiple_of(16), 0);
    }
    check(&file);
}

#[test]
fn rpm_in_berkeley_db() {
    const SIZE: usize = 512;
    let mut pages = vec![vec![0; SIZE], vec![0; SIZE]];
    pages[0][12..16].copy_from_slice(&0x0006_1561_u32.to_le_bytes());
    pages[0][20..24].copy_from_slice(&512_u32.to_le_bytes());
    let mut items = Vec::new();
    for blob in blobs() {
        items.push((vec![1, 0, 0, 0, 9], 0_u32));
        let (first, length) = (pages.len(), blob.len());
        let chunks: Vec<&[u8]> = blob.chunks(SIZE - 26).collect();
        for (at, chunk) in chunks.iter().enumerate() {
            let mut page = vec![0; SIZE];
            let next = if at + 1 < chunks.len() { pages.len() + 1 } else { 0 };
            page[16..20].copy_from_slice(&u32::try_from(next).unwrap().to_le_bytes());
            page[22..24].copy_from_slice(&u16::try_from(chunk.len()).unwrap().to_le_bytes());
            page[25] = 7;
            page[26..26 + chunk.len()].copy_from_slice(chunk);
            pages.push(page);
        }
        let first = u32::try_from(first).unwrap().to_le_bytes();
        let length = u32::try_from(length).unwrap().to_le_bytes();
        items.push(([&[3, 0, 0, 0], &first[..], &length].concat(), 0));
    }
    let mut end = SIZE;
    for (index, (item, _)) in items.iter().enumerate() {
        end -= item.len();
        pages[1][end..end + item.len()].copy_from_slice(item);
        let at = 26 + 2 * index;
        pages[1][at..at + 2].copy_from_slice(&u16::try_from(end).unwrap().to_le_bytes());
    }
    pages[1][20] = u8::try_from(items.len()).unwrap();
    pages[1][25] = 13;
    check(&pages.concat());
}

#[test]
fn other_files_are_refused() {
    assert!(rpm(b"").is_err());
    assert!(rpm(b"SQLite format 3\0").is_err());
    assert!(rpm(&[0; 5000]).is_err());
}
