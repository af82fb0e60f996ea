// Any indicator of the feature list: found by typing, ticked to be drawn.
import { useEffect, useRef, useState } from "preact/hooks";
import type { IndicatorInfo } from "../api/shapes.ts";
import { isOverlay } from "../data/overlays.ts";

const chosen_max = 8;

export function IndicatorChooser({
  known,
  chosen,
  onChange,
}: {
  known: readonly IndicatorInfo[];
  chosen: readonly string[];
  onChange: (names: string[]) => void;
}) {
  const [open, setOpen] = useState(false);
  const [word, setWord] = useState("");
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const close = (event: Event) => {
      if (!frame.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("focusin", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("focusin", close);
    };
  }, [open]);
  const fitting = known.filter((one) => `${one.name} ${one.formula ?? ""}`.toLowerCase().includes(word.toLowerCase()));
  const toggle = (name: string) => {
    onChange(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name].slice(-chosen_max));
  };
  return (
    <div
      class="chooser"
      ref={frame}
      onKeyDown={(event) => {
        if (event.key === "Escape") setOpen(false);
      }}
    >
      <button type="button" aria-expanded={open} aria-controls="indicator-list" onClick={() => setOpen(!open)}>
        Indicators{chosen.length > 0 ? ` (${chosen.length})` : ""}
      </button>
      {open && (
        <div class="chooser-list" id="indicator-list" role="group" aria-label="Indicators">
          <input
            type="search"
            aria-label="Find an indicator"
            value={word}
            onInput={(event) => setWord(event.currentTarget.value)}
          />
          {known.length === 0 && <p class="waiting">Waiting for the first closed candle.</p>}
          <ul>
            {fitting.map((one) => (
              <li key={one.name}>
                <label>
                  <input type="checkbox" checked={chosen.includes(one.name)} onChange={() => toggle(one.name)} />
                  <span>
                    <b>{one.name}</b>
                    {isOverlay(one.name) ? " on the candles" : ""}
                    <small>{[one.formula, one.unit].filter(Boolean).join("; ")}</small>
                  </span>
                </label>
              </li>
            ))}
          </ul>
          {chosen.length > 0 && (
            <button type="button" onClick={() => onChange([])}>
              None
            </button>
          )}
        </div>
      )}
    </div>
  );
}
