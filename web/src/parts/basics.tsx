// Small parts that every view uses.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Resource } from "../state/resource.ts";
import { useObservable } from "../state/observable.ts";
import { zone } from "../state/settings.ts";
import { ago, exactMoment, iso, moment, seconds } from "../format/times.ts";
import { unknown } from "../format/numbers.ts";

// tall: room for what it will show is kept from the beginning.
export function Panel({
  title,
  id,
  actions,
  tall,
  children,
}: {
  title: string;
  id: string;
  actions?: ComponentChildren;
  tall?: boolean;
  children: ComponentChildren;
}) {
  return (
    <section class={tall ? "panel tall" : "panel"} aria-labelledby={`${id}-title`}>
      <header class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

// What a view is waiting for, in place of what it will show.
export function Waiting({ children }: { children: ComponentChildren }) {
  return (
    <p class="waiting" role="status">
      {children}
    </p>
  );
}

// The data of a request, or why there is none yet.
export function Loaded<T>({
  resource,
  absent,
  children,
}: {
  resource: Resource<T>;
  absent: string;
  children: (data: T) => ComponentChildren;
}) {
  const { data, problem } = resource;
  if (data !== null) return <>{children(data)}</>;
  if (!problem) return <Waiting>Loading …</Waiting>;
  if (problem.isAbsent) return <Waiting>{absent}</Waiting>;
  return (
    <Waiting>{problem.needsToken ? "Needs the token (button at the top)." : `Waiting: ${problem.message}.`}</Waiting>
  );
}

export function Facts({ facts }: { facts: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

// Shown in the reader's zone; the exact time in the other one is in the title.
export function When({ at, exact }: { at: string | number | null | undefined; exact?: boolean }) {
  const shown = useObservable(zone);
  const time = typeof at === "number" ? at : seconds(at);
  if (time === null) return <span>{unknown}</span>;
  const other = shown === "utc" ? "local" : "utc";
  return (
    <time dateTime={iso(time)} title={exactMoment(time, other)}>
      {exact ? exactMoment(time, shown) : moment(time, shown)}
    </time>
  );
}

export function useNow(every_ms = 1000): number {
  const [now, set] = useState(Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => set(Date.now() / 1000), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  return now;
}

export function Ago({ at }: { at: string | number | null | undefined }) {
  const now = useNow();
  const time = typeof at === "number" ? at : seconds(at);
  return <span>{ago(time, now)}</span>;
}

// Rising or falling, by sign, arrow and colour.
export function Change({ value, text }: { value: number | null | undefined; text: string }) {
  const direction = !value ? "" : value > 0 ? "up" : "down";
  return <span class={`number ${direction}`}>{text}</span>;
}

// A share from 0 to 1 as a bar. Its length is set through the DOM: the page's policy forbids style attributes.
export function Bar({ share, kind, label }: { share: number; kind: string; label: string }) {
  const width = `${Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10}%`;
  return (
    <span class="bar" role="img" aria-label={label}>
      <span
        class={`bar-fill ${kind}`}
        ref={(element) => {
          if (element) element.style.width = width;
        }}
      />
    </span>
  );
}

export function Table({
  caption,
  head,
  rows,
  empty,
}: {
  caption: string;
  head: [string, "text" | "number"][];
  rows: { key: string; cells: ComponentChildren[]; kind?: string }[];
  empty: string;
}) {
  if (rows.length === 0) return <Waiting>{empty}</Waiting>;
  return (
    <div class="table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {head.map(([name, kind]) => (
              <th key={name} scope="col" class={kind}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, kind }) => (
            <tr key={key} class={kind}>
              {cells.map((cell, i) => (
                <td key={i} class={head[i]?.[1]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
