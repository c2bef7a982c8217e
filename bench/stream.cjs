// Runs the stream of bench/stream.rs in wasm; prints how many tasks a second the virtual clock gets through.
//
//   node bench/stream.cjs <module of wasm-bindgen --target nodejs>
const { stream } = require(process.argv[2]);

stream(); // V8 compiles hot functions once more, better
const start = performance.now();
const tasks = stream();
console.log(Math.round(tasks / ((performance.now() - start) / 1e3)));
