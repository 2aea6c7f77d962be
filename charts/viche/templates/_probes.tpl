{{/* Ports of a component's container. Takes component. */}}
{{- define "viche.ports" -}}
{{- if eq .component "gateway" -}}
- {name: http, containerPort: 8000, protocol: TCP}
{{- else -}}
- {name: grpc, containerPort: 9000, protocol: TCP}
{{- end }}
- {name: metrics, containerPort: 9090, protocol: TCP}
{{- end }}

{{/*
Probes of a component. Takes component.
Health says whether the process serves, never whether its engines answer: a restart would not mend these.
*/}}
{{- define "viche.probes" -}}
{{- $isHttp := eq .component "gateway" -}}
startupProbe:
  {{- if $isHttp }}
  httpGet: {path: /health/live, port: http}
  {{- else }}
  grpc: {port: 9000}
  {{- end }}
  # five minutes: a service waits for its database and for the tables that it needs, and slow nodes for everything
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 150
readinessProbe:
  {{- if $isHttp }}
  httpGet: {path: /health/ready, port: http}
  {{- else }}
  grpc: {port: 9000}
  {{- end }}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
livenessProbe:
  {{- if $isHttp }}
  httpGet: {path: /health/live, port: http}
  {{- else }}
  grpc: {port: 9000}
  {{- end }}
  # patient: all threads may be waiting for a service that is slow
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}

{{/*
What a container does before it is told to end: it serves on until nobody sends it anything. Takes root and component.
The gateway says meanwhile that it is leaving, and answers that connections end.
*/}}
{{- define "viche.preStop" -}}
{{- if eq .component "gateway" -}}
[sh, -c, "touch /tmp/draining; sleep {{ .root.Values.pods.gatewayPreStopSeconds }}"]
{{- else -}}
[sleep, {{ .root.Values.pods.preStopSeconds | quote }}]
{{- end -}}
{{- end }}
