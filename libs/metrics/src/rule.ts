/** A series that is computed from others, of which queries and alerts are made. */
export interface RecordingRule {
  record: string;
  expr: string;
  labels?: Readonly<Record<string, string>>;
}

/** `critical`: people cannot use something now. `warning`: they soon may not, or something works less well. */
export type Severity = 'critical' | 'warning';

export interface AlertRule {
  alert: string;
  expr: string;
  /** How long `expr` must hold, for example `5m`. */
  for: string;
  labels: { severity: Severity };
  /** Prometheus' templates: `{{ $labels.service }}`. */
  annotations: { summary: string; description: string };
}

/** A group of a rule file. Its rules are evaluated in their order, so that each sees what those before it recorded. */
export interface RuleGroup {
  name: string;
  rules: readonly (RecordingRule | AlertRule)[];
}
