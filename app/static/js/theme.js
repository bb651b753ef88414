// Runs before the first paint: applies the stored appearance, so that the page never flashes.
(function () {
  const root = document.documentElement;
  root.classList.add("js");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function stored(key, fallback) {
    try { return localStorage.getItem(key) || fallback; } catch { return fallback; }
  }
  function apply() {
    const wish = stored("theme", "auto");
    root.dataset.bsTheme = wish === "auto" ? (dark.matches ? "dark" : "light") : wish;
    root.dataset.scale = stored("scale", "normal");
    root.dataset.contrast = stored("contrast", window.matchMedia("(prefers-contrast: more)").matches ? "high" : "normal");
    root.dataset.density = stored("density", "comfortable");
  }
  window.applyAppearance = apply;
  dark.addEventListener("change", apply);
  apply();
})();
