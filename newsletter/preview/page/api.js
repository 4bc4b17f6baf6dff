// What the page asks of the server, and the news it gets from there.

let token = document.querySelector('meta[name=token]').content;
const MOST = 20_000; // letters in what outlives the page: a browser takes 64 KiB of it

/** An answer that says no: `status`, and what the server said (`told.error`, `told.problems`, `told.conflict`). */
export class Refused extends Error {
  constructor(status, told) {
    super(told.error ?? (status === 403 ? 'the preview was begun anew: load the page once more' : `the preview answered ${status}`));
    this.status = status;
    this.told = told;
  }
}

async function answer(response) {
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, told);
  return told;
}

function silent(error) {
  throw error.name === 'AbortError' ? error : new Refused(0, { error: 'the preview does not answer' });
}

/** Read `path`; `asked` becomes its query. What is empty is left out. */
export async function get(path, asked = {}, signal = undefined) {
  return answer(await fetch(path + query(asked), { signal }).catch(silent));
}

/** Write: send `body` to `path`. It arrives even when the page is left meanwhile. */
export async function post(path, body) {
  const text = JSON.stringify(body);
  return write(path, { headers: { 'content-type': 'application/json' }, body: text, keepalive: text.length < MOST });
}

/** Send a file as it is. */
export async function send(path, file) {
  return write(path, { headers: {}, body: file });
}

async function write(path, { headers, ...rest }) {
  const once = () => fetch(path, { method: 'POST', headers: { ...headers, 'x-newsletter-token': token }, ...rest })
    .catch(silent);
  const response = await once();
  return answer(response.status === 403 && await renewed() ? await once() : response);
}

/** Whether the page has a new token: a preview that was ended and begun again has another one. */
async function renewed() {
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), 'text/html');
  const now = page.querySelector('meta[name=token]')?.content;
  if (!now || now === token) return false;
  token = now;
  return true;
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
