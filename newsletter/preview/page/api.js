// What the page asks of the server, and the news it gets from there.

const token = document.querySelector('meta[name=token]').content;

/** An answer that says no: `status`, and what the server said (`told.error`, `told.problems`, `told.conflict`). */
export class Refused extends Error {
  constructor(status, told) {
    super(told.error ?? `the preview answered ${status}`);
    this.status = status;
    this.told = told;
  }
}

async function answer(response) {
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, told);
  return told;
}

/** Read `path`; `asked` becomes its query. What is empty is left out. */
export async function get(path, asked = {}, signal = undefined) {
  return answer(await fetch(path + query(asked), { signal }));
}

/** Write: send `body` to `path`. */
export async function post(path, body) {
  return answer(await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-newsletter-token': token },
    body: JSON.stringify(body),
  }));
}

/** Send a file as it is. */
export async function send(path, file) {
  return answer(await fetch(path, { method: 'POST', headers: { 'x-newsletter-token': token }, body: file }));
}

/** Return `?a=b` of what is not empty in `asked`. */
export function query(asked) {
  const some = Object.entries(asked).filter(([, value]) => value !== '' && value != null && value !== false);
  return some.length ? '?' + new URLSearchParams(some.map(([key, value]) => [key, value === true ? 'on' : value])) : '';
}

/** Call `changed(news)` when files have changed, and when the connection is back after a pause. */
export function listen(changed, cut) {
  const source = new EventSource('/events');
  let last = null;
  source.addEventListener('hello', event => {
    const { generation } = JSON.parse(event.data);
    if (last !== null) changed({ generation: Infinity, files: [] });
    last = generation;
    cut?.(false);
  });
  source.addEventListener('changed', event => changed(JSON.parse(event.data)));
  source.addEventListener('error', () => cut?.(true));
  addEventListener('pagehide', () => source.close());
}
