use std::time::Instant;
fn main() {
    let t = Instant::now();
    let base = pitfall::knowledge::embedded();
    println!("embedded {:?}", t.elapsed());
    let t = Instant::now();
    let codes = pitfall::knowledge::embedded_codes();
    println!("codes {:?}", t.elapsed());
    let t = Instant::now();
    let k = pitfall::knowledge::Knowledge::load(base, codes, vec![]);
    println!("load {:?}", t.elapsed());
    let e = pitfall::engine::Engine::of(k);
    let t = Instant::now();
    let m = e.matcher();
    println!("matcher {:?} literals {}", t.elapsed(), m.literals().len());
    let bytes = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();
    for _ in 0..3 {
        let t = Instant::now();
        let d = e.triage(&[pitfall::engine::Input { name: "x".into(), bytes: bytes.clone() }], &pitfall::engine::Options::default());
        println!("triage {:?} findings {}", t.elapsed(), d.findings.len());
    }
}
