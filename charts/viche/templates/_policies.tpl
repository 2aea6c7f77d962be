{{/* Pods of components of this release, as peers. Takes root and components. */}}
{{- define "viche.peers" -}}
- podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ include "viche.name" .root }}
      app.kubernetes.io/instance: {{ .root.Release.Name }}
    matchExpressions:
      - {key: app.kubernetes.io/component, operator: In, values: {{ .components | toJson }}}
{{- end }}

{{/* A rule for outgoing traffic. Takes ports, and to (peers; none means anywhere). */}}
{{- define "viche.egress" -}}
- ports:
    {{- range .ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Name servers, for everybody. Takes the root. */}}
{{- define "viche.egress.dns" -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
  {{- with .Values.networkPolicy.dnsTo }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/*
The way to an engine: that of the release where it comes with it, else where the values say.
Takes root, rule (a group of networkPolicy), engine (the component of its pods).
*/}}
{{- define "viche.egress.engine" -}}
{{- $engines := .root.Values.engines | default dict -}}
{{- if dig .engine "enabled" false $engines -}}
- to:
    {{- include "viche.peers" (dict "root" .root "components" (list .engine)) | nindent 4 }}
{{- else -}}
{{- include "viche.egress" (get .root.Values.networkPolicy .rule) -}}
{{- end -}}
{{- end }}

{{/* Public addresses at the ports of platforms. Takes root and, where a connector has others, ports. */}}
{{- define "viche.egress.public" -}}
{{- $public := .root.Values.networkPolicy.public -}}
- ports:
    {{- range .ports | default $public.ports }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except: {{ $public.except | toJson }}
    - ipBlock:
        cidr: ::/0
        except: {{ $public.exceptV6 | toJson }}
{{- end }}

{{/* Networks beside the public ones where connectors may go. Takes networks. */}}
{{- define "viche.egress.networks" -}}
{{- with .networks -}}
- to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
{{- end }}
{{- end }}

{{/* Where wheels of plugins are; nothing for components that fetch none. Takes root and component. */}}
{{- define "viche.egress.plugins" -}}
{{- if include "viche.fetchesPlugins" . -}}
{{- with .root.Values.plugins.from -}}
- to:
    {{- toYaml . | nindent 4 }}
{{- else -}}
{{- include "viche.egress.public" . -}}
{{- end -}}
{{- end }}
{{- end }}

{{/* Connectors that run at addresses that the operator names, as rules. Takes the root. */}}
{{- define "viche.egress.elsewhere" -}}
{{- range $name, $way := .Values.connectors.ways -}}
{{- if not (has $way (list "inside" "child")) }}
- ports:
    - {port: {{ regexFind "[0-9]+$" $way }}, protocol: TCP}
{{- end }}
{{- end }}
{{- end }}

{{/* All that a component sends out. Takes root and component. */}}
{{- define "viche.egressOf" -}}
{{- $component := .component -}}
{{- $values := .root.Values -}}
{{- $rules := list (include "viche.egress.dns" .root) -}}
{{- with get (include "viche.calls" . | fromYaml) $component -}}
{{- $peers := include "viche.peers" (dict "root" $.root "components" .) -}}
{{- $rules = append $rules (printf "- ports:\n    - {port: 9000, protocol: TCP}\n  to:\n%s" (indent 4 $peers)) -}}
{{- end -}}
{{- if has $component (include "viche.databaseServices" . | fromYamlArray) -}}
{{- $rules = append $rules (include "viche.egress.engine" (dict "root" .root "rule" "database" "engine" "postgres")) -}}
{{- $rules = append $rules (include "viche.egress.engine" (dict "root" .root "rule" "nats" "engine" "nats")) -}}
{{- end -}}
{{- if and (has $component (include "viche.objectUsers" . | fromYamlArray)) (not $values.objects.folder.enabled) -}}
{{- $rules = append $rules (include "viche.egress.engine" (dict "root" .root "rule" "objects" "engine" "objects")) -}}
{{- end -}}
{{- if eq $component "notifications" -}}
{{- $rules = append $rules (include "viche.egress.engine" (dict "root" .root "rule" "mail" "engine" "mailbox")) -}}
{{- end -}}
{{- if and (eq $component "identity") $values.providers.existingSecret -}}
{{- $rules = append $rules (include "viche.egress.public" .) -}}
{{- end -}}
{{- if eq $component "social" -}}
{{- with $values.connectors.pods -}}
{{- $peers := include "viche.peers" (dict "root" $.root "components" (keys . | sortAlpha)) -}}
{{- $rules = append $rules (printf "- ports:\n    - {port: 9000, protocol: TCP}\n  to:\n%s" (indent 4 $peers)) -}}
{{- end -}}
{{- if include "viche.hasConnectorsInside" .root -}}
{{- $rules = append $rules (include "viche.egress.public" .) -}}
{{- $rules = append $rules (include "viche.egress.networks" $values.connectors) -}}
{{- end -}}
{{- $rules = append $rules (include "viche.egress.elsewhere" .root | trim) -}}
{{- end -}}
{{- $rules = append $rules (include "viche.egress.plugins" .) -}}
{{- $rules = append $rules (include "viche.egress.more" .) -}}
{{- $rules | compact | join "\n" -}}
{{- end }}

{{/* The collector of traces, and what the operator adds. Takes root and component. */}}
{{- define "viche.egress.more" -}}
{{- $values := .root.Values -}}
{{- $rules := list -}}
{{- if $values.telemetry.otlp.endpoint -}}
{{- $rules = append $rules (include "viche.egress" $values.networkPolicy.telemetry) -}}
{{- end -}}
{{- with get $values.networkPolicy.extraEgress .component -}}
{{- $rules = append $rules (toYaml .) -}}
{{- end -}}
{{- $rules | join "\n" -}}
{{- end }}

{{/* All that a component takes in. Takes root and component. */}}
{{- define "viche.ingressOf" -}}
{{- $component := .component -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- $callers := list -}}
{{- range $caller, $called := include "viche.calls" . | fromYaml -}}
{{- if has $component $called -}}
{{- $callers = append $callers $caller -}}
{{- end -}}
{{- end -}}
{{- if $callers }}
- ports:
    - {port: 9000, protocol: TCP}
  from:
    {{- include "viche.peers" (dict "root" .root "components" (append $callers "tests" | sortAlpha)) | nindent 4 }}
{{- end }}
{{- if eq $component "gateway" }}
- ports:
    - {port: 8000, protocol: TCP}
  from:
    {{- include "viche.peers" (dict "root" .root "components" (list "tests")) | nindent 4 }}
    {{- with $policy.gatewayFrom }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- if and $policy.metricsFrom (ne $component "cli") }}
- ports:
    - {port: 9090, protocol: TCP}
  from:
    {{- toYaml $policy.metricsFrom | nindent 4 }}
{{- end }}
{{- with get $policy.extraIngress $component }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* All that a connector sends out. Takes root, component and own. */}}
{{- define "viche.connectorEgress" -}}
{{- $rules := list -}}
{{- if not (include "viche.isByHost" .) -}}
{{- $rules = append $rules (include "viche.egress.dns" .root) -}}
{{- $rules = append $rules (include "viche.egress.public" (dict "root" .root "ports" .own.ports)) -}}
{{- end -}}
{{- $networks := concat .root.Values.connectors.networks (.own.networks | default list) -}}
{{- $rules = append $rules (include "viche.egress.networks" (dict "networks" $networks)) -}}
{{- if or .root.Values.plugins.from (not (include "viche.isByHost" .)) -}}
{{- $rules = append $rules (include "viche.egress.plugins" .) -}}
{{- end -}}
{{- $rules = append $rules (include "viche.egress.more" .) -}}
{{- $rules | compact | join "\n" -}}
{{- end }}
