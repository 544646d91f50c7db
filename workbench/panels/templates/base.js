/* Shared by all templates: how long ago, in words that fit a narrow column. */
const two = (n) => String(n).padStart(2, '0');
/** Hours, minutes and seconds of a span in milliseconds. */
const span = (ms) => {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  if (d > 0) return `${d}d ${two(h)}h`;
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${two(m)}:${two(s % 60)}`;
};
/** A clock that follows the server: `now` grows every second from the server's last word. */
const ticking = {
  data() { return { now: 0, ahead: 0 }; },
  mounted() {
    this.now = Date.now() + this.ahead;
    this.__clock = setInterval(() => { this.now = Date.now() + this.ahead; }, 1000);
  },
  beforeUnmount() { clearInterval(this.__clock); },
  methods: {
    follow(server) { if (server) { this.ahead = server - Date.now(); this.now = server; } },
    since(at) { return at ? span(this.now - at) : ''; },
    until(at) { return at ? span(Math.abs(at - this.now)) : ''; },
  },
};
/** What every page does: begin, ask again every half minute, say what the kernel said, translate. */
const talking = {
  provide() { return { t: (s) => this.texts[s] ?? s, ask: (asked) => this.ask(asked) }; },
  data() { return { note: null }; },
  watch: {
    said(s) {
      if (s.tone === 'reload') { location.reload(); return; }
      if (!s.text) return;
      this.note = s;
      clearTimeout(this.__note);
      if (s.tone !== 'error') this.__note = setTimeout(() => { this.note = null; }, 4000);
    },
    'me.language'(language) { document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'; },
  },
  mounted() {
    this.ask({ act: 'begin', key: new URLSearchParams(location.search).get('exam') || '' });
    this.__tick = setInterval(() => { if (!document.hidden) this.ask({ act: 'tick' }); }, 30000);
  },
  beforeUnmount() { clearInterval(this.__tick); clearTimeout(this.__note); },
  methods: { t(s) { return this.texts[s] ?? s; } },
};
