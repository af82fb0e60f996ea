// Observable: a value that tells its listeners when it changes.
import { useEffect, useState } from "preact/hooks";

export class Observable<T> {
  private readonly listeners = new Set<(value: T) => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const listener of [...this.listeners]) listener(value);
  }

  listen(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export function useObservable<T>(observable: Observable<T>): T {
  const [value, set] = useState<{ of: T }>({ of: observable.value });
  useEffect(() => {
    set({ of: observable.value });
    return observable.listen((of) => set({ of }));
  }, [observable]);
  return observable.value === value.of ? value.of : observable.value;
}
