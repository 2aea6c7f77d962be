{{/*
What the embedded engines have in common. They are for a trial: one replica each, no backup, no TLS.
Each is described by (dict "root" $ "name" "nats" "user" 10001 "values" .Values.engines.nats).
*/}}

{{- define "viche.engine.fullname" -}}
{{ include "viche.fullname" .root }}-{{ .name }}
{{- end }}

{{- define "viche.engine.selector" -}}
{{ include "viche.selectorLabels" (dict "root" .root "component" .name) }}
{{- end }}

{{/* Labels of pods: none that changes with the chart's version, so that an upgrade leaves engines alone. */}}
{{- define "viche.engine.podLabels" -}}
{{ merge (include "viche.engine.selector" . | fromYaml) .root.Values.commonLabels | toYaml }}
{{- end }}

{{- define "viche.engine.metadata" -}}
name: {{ include "viche.engine.fullname" . }}
labels:
  {{- include "viche.labels" (dict "root" .root "component" .name) | nindent 2 }}
annotations:
  viche/not-for-production: "one replica for a trial, without backup and TLS"
{{- end }}

{{/* What the specification of every engine's pod begins with */}}
{{- define "viche.engine.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user | int64 }}
  runAsGroup: {{ .user | int64 }}
  fsGroup: {{ .user | int64 }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{/* What every engine's container has */}}
{{- define "viche.engine.container" -}}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
resources:
  {{- toYaml .values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{/* The claim for the volume "data" */}}
{{- define "viche.engine.claims" -}}
- metadata:
    name: data
  spec:
    accessModes: [ReadWriteOnce]
    {{- with .values.storageClass }}
    storageClassName: {{ . | quote }}
    {{- end }}
    resources:
      requests:
        storage: {{ .values.storage }}
{{- end }}

{{/* A policy that lets only some pods in, by component, and nothing out; with "callers" and "port" as well */}}
{{- define "viche.engine.policy" -}}
{{- if .root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "viche.engine.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "viche.engine.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress: []
  ingress:
    - from:
        {{- range .callers }}
        - podSelector:
            matchLabels:
              {{- include "viche.selectorLabels" (dict "root" $.root "component" .) | nindent 14 }}
        {{- end }}
      ports:
        - port: {{ .port }}
          protocol: TCP
{{- end }}
{{- end }}

{{/* Name of the Secret with the engines' passwords */}}
{{- define "viche.engine.secret" -}}
{{ .root.Values.engines.existingSecret | default (printf "%s-engines" .root.Values.keys.prefix) }}
{{- end }}

{{/* What keeps embedded engines from being of use, as templates/_refuse.tpl has it. Takes the root. */}}
{{- define "viche.refuse.engines" -}}
{{- $engines := .Values.engines }}
{{- if and $engines.postgres.enabled (eq .Values.migrations.mode "hooks") }}
engines.postgres comes with the release and migrations.mode hooks runs before it: set migrations.mode to init.
{{- end }}
{{- if and $engines.objects.enabled .Values.objects.prepare.enabled (eq .Values.migrations.mode "hooks") }}
engines.objects comes with the release and migrations.mode hooks would make its bucket before it: set migrations.mode to init.
{{- end }}
{{- if and $engines.postgres.enabled (not .Values.database.prepare.enabled) }}
engines.postgres begins without roles and databases: set database.prepare.enabled, and database.prepare.existingSecret to the Secret of its administrator.
{{- end }}
{{- if and $engines.objects.enabled (not .Values.objects.prepare.enabled) }}
engines.objects begins without a bucket: set objects.prepare.enabled.
{{- end }}
{{- end }}
