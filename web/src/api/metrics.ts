// The daemon's figures for Prometheus, for the few that the page shows too.
import { parseMetrics, type Sample } from "../data/prometheus.ts";
import { getText } from "./client.ts";

export const metrics = async (): Promise<Sample[]> => parseMetrics(await getText("/metrics"));
