// Runs the stream of bench/stream.rs in wasm, and prints how many tasks per second the virtual clock handles.
//
//   node bench/stream.cjs <module of wasm-bindgen --target nodejs>
const { stream } = require(process.argv[2]);

stream(); // a first run, after which V8 has optimised the hot functions
const start = performance.now();
const tasks = stream();
console.log(Math.round(tasks / ((performance.now() - start) / 1e3)));
