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
