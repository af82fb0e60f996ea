// One request to the daemon. Every failure is an ApiProblem with a line for people.
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
  // 0: no answer at all.
  get isUnreachable(): boolean {
    return this.status === 0;
  }
  get needsToken(): boolean {
    return this.status === 401;
  }
  // This daemon has no such endpoint, or nothing to show there yet.
  get isAbsent(): boolean {
    return this.status === 404;
  }
}

const tokenKey = "candled.token";
const patience_ms = 15_000;

// The token lives as long as the tab.
export function token(): string {
  return sessionStorage.getItem(tokenKey) ?? "";
}
export function rememberToken(text: string): void {
  if (text) sessionStorage.setItem(tokenKey, text);
  else sessionStorage.removeItem(tokenKey);
}

export function authorization(text = token()): Record<string, string> {
  return text ? { Authorization: `Bearer ${text}` } : {};
}

export type Query = Record<string, string | number | undefined>;

export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

function reason(status: number, body: unknown): string {
  const error = (body as { error?: unknown } | null)?.error;
  if (typeof error === "string") return error;
  const message = (error as { message?: unknown } | undefined)?.message;
  return typeof message === "string" ? message : `the daemon answered with status ${status}`;
}

async function ask(url: string, options: RequestInit): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { ...options, cache: "no-cache", signal: AbortSignal.timeout(patience_ms) });
    return { status: response.status, text: await response.text() };
  } catch {
    throw new ApiProblem(0, "the daemon does not answer");
  }
}

async function send(url: string, options: RequestInit): Promise<{ status: number; body: unknown }> {
  const { status, text } = await ask(url, options);
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    throw new ApiProblem(status === 200 ? 502 : status, `the answer to ${url} is not JSON`);
  }
}

export async function get<T>(path: string, query: Query = {}, accepted: readonly number[] = []): Promise<T> {
  const { status, body } = await send(address(path, query), { headers: authorization() });
  if (status !== 200 && !accepted.includes(status)) throw new ApiProblem(status, reason(status, body));
  return body as T;
}

export async function post<T>(path: string, withToken: string): Promise<T> {
  const { status, body } = await send(path, { method: "POST", headers: authorization(withToken) });
  if (status < 200 || status > 299) throw new ApiProblem(status, reason(status, body));
  return body as T;
}
