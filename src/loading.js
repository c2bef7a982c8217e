// How far the download of the program is, and that it failed. Trunk's loader calls this (see `data-initializer`
// in index.html); it knows the bar and the events, not the page.
export default () => ({
  onProgress: ({ current, total }) => {
    const bar = document.getElementById("progress");
    if (bar && total > 0) bar.value = current / total;
  },
  // Who listens for errors tells them to the reader.
  onFailure: (reason) => { throw reason; },
});
