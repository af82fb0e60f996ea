// useResource: data of one request, kept on screen while it is asked for anew, so that nothing jumps.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem } from "../api/client.ts";
import { live, type Topic } from "./live.ts";
import { Observable, useObservable } from "./observable.ts";

export interface Resource<T> {
  data: T | null;
  problem: ApiProblem | null;
  loading: boolean; // nothing to show yet
}

const never = new Observable(0);

// `key` names what is asked for: another key forgets the old data. Asked again when the topic changes and when a daemon that
// could not be reached answers again, and every so often where that is wanted.
export function useResource<T>(key: string, topic: Topic | null, load: () => Promise<T>, every_ms = 0): Resource<T> {
  const [turns, setTurns] = useState(0);
  useEffect(() => {
    if (every_ms <= 0) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") setTurns((before) => before + 1);
    }, every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  const [state, setState] = useState<{ key: string; data: T | null; problem: ApiProblem | null }>({
    key,
    data: null,
    problem: null,
  });
  const version = useObservable(topic ? live.versions[topic] : never);
  const connection = useObservable(live.connection);
  const reached = connection === "streaming" || connection === "asking";
  const newest = useRef(0);
  useEffect(() => {
    const turn = (newest.current += 1);
    load().then(
      (data) => {
        if (turn === newest.current) setState({ key, data, problem: null });
      },
      (error: unknown) => {
        const problem = error instanceof ApiProblem ? error : new ApiProblem(-1, String(error));
        if (turn === newest.current) setState((old) => ({ key, data: old.key === key ? old.data : null, problem }));
      },
    );
  }, [key, version, reached, turns]);
  const fits = state.key === key;
  return {
    data: fits ? state.data : null,
    problem: fits ? state.problem : null,
    loading: !fits || (state.data === null && state.problem === null),
  };
}
