use loopscope::{lab::Lab, predict::predict, runtime::event_loop::Conditions};
fn main(){
    let lab = Lab::find("shared-workload").unwrap();
    let mut v = lab.defaults();
    v.set("tasks", 100000.0); v.set("cpu_ms", 1.0); v.set("latency_ms", 100.0);
    for s in lab.strategies {
        for _ in 0..3 {
        let t = std::time::Instant::now();
        let tr = predict(s, &v, Conditions::IDEAL);
        let e = t.elapsed().as_secs_f64();
        println!("{:?} {:?} {:?} spans {} marks {}: {:.1} ms = {:.2} M tasks/s", s, tr.outcome(), tr.end(), tr.spans().len(), tr.marks().len(), e*1e3, 0.1/e);
        }
    }
}
