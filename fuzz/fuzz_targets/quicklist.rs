//! Any sequence of changes to a quicklist: it stays whole, and shows what a `VecDeque` shows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::listpack::Where;
use redstart_encoding::quicklist::{End, Fill, QuickList};
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// The elements: some alike, some long; `choice` picks one.
fn value(choice: u8) -> Vec<u8> {
    match choice {
        0..32 => vec![b'0' + choice % 10],
        32..96 => format!("element-{}", choice % 16).into_bytes(),
        96..160 => vec![choice; usize::from(choice)],
        160..224 => vec![b'x'; usize::from(choice) * 8],
        _ => (0..255).cycle().take(usize::from(choice) * 40).collect(),
    }
}

fuzz_target!(|data: &[u8]| {
    let [fill, depth, large, steps @ ..] = data else { return };
    let mut list = QuickList::new(Fill::new(i64::from(*fill as i8)), u64::from(depth % 4));
    list.set_large(u32::from(*large));
    let mut model: VecDeque<Vec<u8>> = VecDeque::new();
    for step in steps.chunks_exact(3) {
        let (index, element) = (usize::from(step[1]), value(step[2]));
        match step[0] % 8 {
            0 => {
                list.push(End::Front, &element);
                model.push_front(element);
            }
            1 | 2 => {
                list.push(End::Back, &element);
                model.push_back(element);
            }
            3 => assert_eq!(list.pop(End::Front, |element| element.to_vec()), model.pop_front()),
            4 => assert_eq!(list.pop(End::Back, |element| element.to_vec()), model.pop_back()),
            5 => {
                let Some(pivot) = model.get(index).cloned() else { continue };
                let at = model.iter().position(|element| *element == pivot).expect("it is there");
                let place = if step[0] & 8 == 0 { Where::Before } else { Where::After };
                assert!(list.insert_beside(&pivot, place, &element));
                model.insert(at + usize::from(place == Where::After), element);
            }
            6 => {
                assert_eq!(list.replace(index, &element), index < model.len());
                if let Some(there) = model.get_mut(index) {
                    *there = element;
                }
            }
            _ => {
                let count = usize::from(step[2] % 8);
                list.remove_range(index, count);
                let end = model.len().min(index + count);
                model.drain(index.min(end)..end);
            }
        }
        list.check().unwrap_or_else(|broken| panic!("{broken}"));
    }
    let mut shown = Vec::new();
    let _: ControlFlow<()> = list.walk(0, usize::MAX, End::Back, |element| {
        shown.push(element.to_vec());
        ControlFlow::Continue(())
    });
    assert_eq!(shown, Vec::from(model));
});
