use super::*;
use std::cell::RefCell;
use std::collections::BTreeSet;

fn corpus(seeds: &[&[u8]]) -> Corpus<'static> {
    let seeds = seeds.iter().map(|seed| seed.to_vec()).collect();
    Corpus { name: "test", seeds, words: &[b"word"], cost: 600 }
}

#[test]
fn a_run_is_the_same_each_time_and_tries_much() {
    let inputs = || {
        let inputs = RefCell::new(Vec::new());
        run(&corpus(&[b"hello", b""]), |input| inputs.borrow_mut().push(input.to_vec()));
        inputs.into_inner()
    };
    let first = inputs();
    assert_eq!(first, inputs());
    assert!(first.iter().collect::<BTreeSet<_>>().len() > first.len() / 2);
    assert!(first.iter().any(|input| input.windows(4).any(|piece| piece == b"word")));
}

#[test]
fn a_failure_is_shrunk_and_told() {
    let panic = std::panic::catch_unwind(|| {
        run(&corpus(&[b"hello"]), |input| assert!(!input.contains(&0xff), "a byte of 255"));
    });
    let told = *panic.unwrap_err().downcast::<String>().unwrap();
    assert!(told.contains("a byte of 255"), "{told}");
    let input = told.split("input ").nth(1).unwrap();
    assert!(unhex(input).contains(&0xff), "{told}");
    assert!(unhex(input).len() <= 16, "{told}");
}

#[test]
fn an_empty_corpus_is_fuzzed_too() {
    run(&corpus(&[]), |_| {});
}
