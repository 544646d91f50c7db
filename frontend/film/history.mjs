/** Steps back and forth through the marks of one film. Pure. */

const MOST = 100;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * @template {{uid: string}} T
 * @param {T[]} [first] marks the film begins with
 */
export function historyOf(first = []) {
  let [past, now, future] = [[], first, []];
  const seen = new Set(first.map(({ uid }) => uid));
  const learn = (marks) => marks.forEach(({ uid }) => seen.add(uid));
  const move = (from, to) => {
    if (from.length === 0) return false;
    to.push(now);
    now = from.pop();
    return true;
  };
  return {
    get now() { return now; },
    get canUndo() { return past.length > 0; },
    get canRedo() { return future.length > 0; },
    /** Remember a new state; false when nothing changed. */
    keep(marks) {
      if (same(now, marks)) return false;
      past = [...past, now].slice(-MOST);
      now = marks;
      future = [];
      learn(marks);
      return true;
    },
    undo: () => move(past, future),
    redo: () => move(future, past),
    /** Add what was kept elsewhere under what the reader has done since; what was removed here stays removed. */
    merge(saved) {
      const strange = saved.filter(({ uid }) => !seen.has(uid));
      learn(strange);
      const under = (marks) => [...strange, ...marks];
      [past, now, future] = [past.map(under), under(now), future.map(under)];
      return strange.length > 0;
    },
  };
}
