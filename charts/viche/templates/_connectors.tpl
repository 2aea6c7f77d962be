{{/*
Hosts that bundled plugins declare, by plugin; those whose host is entered with each account ("{server}") have none here.
tests/chart holds it against the plugins.
*/}}
{{- define "viche.declaredHosts" -}}
connector-meta: [graph-video.facebook.com, graph.facebook.com]
connector-odnoklassniki: [api.ok.ru]
connector-telegram: [api.telegram.org]
connector-vk: [api.vk.com]
connector-x: [api.x.com]
connector-youtube: [oauth2.googleapis.com, www.googleapis.com, youtube.googleapis.com]
{{- end }}

{{/* Hosts that a connector may reach, as a YAML list: those of the values, else those of its plugin. Takes component and own. */}}
{{- define "viche.connectorHosts" -}}
{{- $declared := get (include "viche.declaredHosts" . | fromYaml) .component | default list -}}
{{- .own.hosts | default $declared | toJson -}}
{{- end }}

{{/* Whether a policy by host names holds for a connector, so that none by networks may. Takes root, component and own. */}}
{{- define "viche.isByHost" -}}
{{- if and .root.Values.networkPolicy.cilium.enabled (include "viche.connectorHosts" . | fromYamlArray) }}yes{{ end -}}
{{- end }}

{{/* Where plugins with connectors run, as VICHE_CONNECTOR_WAYS has it. Takes the root. */}}
{{- define "viche.connectorWays" -}}
{{- $ways := dict -}}
{{- range $name, $_ := .Values.connectors.pods -}}
{{- $_ := set $ways $name (printf "%s-%s.%s.svc:9000" (include "viche.fullname" $) $name $.Release.Namespace) -}}
{{- end -}}
{{- $all := list -}}
{{- range $name, $way := merge (dict) .Values.connectors.ways $ways -}}
{{- $all = append $all (printf "%s=%s" $name $way) -}}
{{- end -}}
{{- join "," $all -}}
{{- end }}

{{/* The settings of a connector's pod. Takes root. */}}
{{- define "viche.connectorEnv" -}}
- name: VICHE_METRICS_LISTEN
  value: 0.0.0.0:9090
- name: VICHE_LOG_LEVEL
  value: {{ .root.Values.settings.logLevel }}
{{- end }}

{{/* Whether any connector runs in the pods of social; empty for no. Takes the root. */}}
{{- define "viche.hasConnectorsInside" -}}
{{- $elsewhere := keys .Values.connectors.pods -}}
{{- range $name, $way := .Values.connectors.ways -}}
{{- if not (has $way (list "inside" "child")) -}}
{{- $elsewhere = append $elsewhere $name -}}
{{- end -}}
{{- end -}}
{{- if not .Values.plugins.use }}yes{{ end -}}
{{- range .Values.plugins.use -}}
{{- if and (hasPrefix "connector-" .) (not (has . $elsewhere)) }}yes{{ end -}}
{{- end -}}
{{- end }}
