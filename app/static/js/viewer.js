// Shows a PDF in [data-pdf] boxes: the browser's own viewer stays where there is one; phones, which have none,
// get the pages drawn by PDF.js, one at a time as they come into sight.
const base = document.querySelector("script[data-pdfjs]")?.dataset.pdfjs;

async function draw(box) {
  const { getDocument, GlobalWorkerOptions } = await import(`${base}pdf.min.mjs`);
  GlobalWorkerOptions.workerSrc = `${base}pdf.worker.min.mjs`;
  const file = await getDocument({
    url: box.dataset.pdf, cMapUrl: `${base}cmaps/`, cMapPacked: true, standardFontDataUrl: `${base}standard_fonts/`,
    wasmUrl: `${base}wasm/`, iccUrl: `${base}iccs/`, isEvalSupported: false, enableXfa: false,
  }).promise;
  const pages = document.createElement("div");
  pages.className = "pdf-pages";
  const inSight = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { inSight.unobserve(entry.target); paint(file, entry.target); }
  }, { root: null, rootMargin: "600px" });
  for (let number = 1; number <= file.numPages; number += 1) {
    const canvas = document.createElement("canvas");
    canvas.dataset.page = number;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", (box.dataset.textPage || "{n} / {total}").replace("{n}", number).replace("{total}", file.numPages));
    pages.append(canvas);
    inSight.observe(canvas);
  }
  box.replaceChildren(pages);
}

async function paint(file, canvas) {
  const page = await file.getPage(Number(canvas.dataset.page));
  const width = canvas.clientWidth || canvas.parentElement.clientWidth;
  const scale = (width / page.getViewport({ scale: 1 }).width) * Math.min(window.devicePixelRatio || 1, 2);
  const viewport = page.getViewport({ scale });
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
}

function start(root) {
  if (!base || (navigator.pdfViewerEnabled && !document.documentElement.hasAttribute("data-draw-pdf"))) return;
  const boxes = [...root.querySelectorAll("[data-pdf]"), ...(root.matches?.("[data-pdf]") ? [root] : [])];
  boxes.filter((box) => box.dataset.pdf && !box.dataset.drawn).forEach((box) => {
    box.dataset.drawn = "1";
    draw(box).catch(() => { delete box.dataset.drawn; }); // the link to the file is still there
  });
}
document.addEventListener("viewer:shown", (event) => start(event.detail.elt));
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
start(document);
