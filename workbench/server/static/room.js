/**
 * What a page needs before its widgets are there: the curtain, and a watch on the connection.
 * Voila calls `voila_finish` when its theme is ready and `display_cells` when cells are in place.
 */
(() => {
  const FAILED = "[data-wb-failed]";

  /** Take the curtain away; a failed cell has no widgets to wait for. */
  function show() {
    document.getElementById("loading")?.remove();
    const cells = document.getElementById("rendered_cells");
    if (cells) cells.style.display = "";
  }

  window.voila_heartbeat = () => {};
  window.voila_process = () => {};
  window.voila_finish = show;
  window.display_cells = show;
  window.wbFinish = () => {
    if (document.querySelector(FAILED)) show();
    else if (window.themeLoaded) show();
    else window.cellLoaded = true;
  };

  /** Say what is the matter once: the page's kernel is gone, or the login has ended. */
  function lost(kind) {
    const box = document.getElementById("wb-lost");
    if (!box) return;
    box.dataset.kind = kind;
    box.hidden = false;
    box.querySelector("button").onclick = () => location.reload();
  }

  let asking = false;

  /** The connection closed: ask the server why, until it answers. */
  async function ask(kernel) {
    if (asking || leaving) return;
    asking = true;
    for (;;) {
      try {
        const login = await fetch("/wb/alive", { cache: "no-store" });
        if (login.status === 401) return lost("out");
        const page = await fetch(`/api/kernels/${kernel}`, { cache: "no-store" });
        if (page.ok) break; // Jupyter's client connects again by itself
        return lost("gone");
      } catch {
        document.documentElement.dataset.wbOffline = ""; // the server cannot be reached: ask again
      }
      await new Promise((done) => setTimeout(done, 2000));
    }
    delete document.documentElement.dataset.wbOffline;
    asking = false;
  }

  let leaving = false;
  window.addEventListener("pagehide", () => (leaving = true));
  window.addEventListener("pageshow", () => (leaving = false));

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(address, protocols) {
      super(address, protocols);
      const kernel = /\/api\/kernels\/([0-9a-f-]+)\/channels/.exec(String(address))?.[1];
      if (kernel) this.addEventListener("close", () => ask(kernel));
    }
  };
})();
