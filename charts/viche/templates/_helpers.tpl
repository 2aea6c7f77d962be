{{/* What the chart is called in labels. Takes the root. */}}
{{- define "viche.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/*
How names of objects begin. Takes the root.
At most 36 letters, so that the longest name, FULLNAME-notifications-headless, has room in a DNS label of 63.
*/}}
{{- define "viche.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 36 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "viche.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 36 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 36 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Labels that select the pods of a component, and never change. Takes root and component. */}}
{{- define "viche.selectorLabels" -}}
app.kubernetes.io/name: {{ include "viche.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of an object of a component. Takes root and component. */}}
{{- define "viche.labels" -}}
{{ include "viche.selectorLabels" . }}
app.kubernetes.io/part-of: {{ include "viche.name" .root }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Name, namespace and labels of an object. Takes root, component and, unless it is FULLNAME-COMPONENT, name. */}}
{{- define "viche.metadata" -}}
name: {{ .name | default (printf "%s-%s" (include "viche.fullname" .root) .component) }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "viche.labels" (dict "root" .root "component" .component) | nindent 2 }}
{{- end }}

{{/* Reference of an image. Takes root, name ("identity", "cli" and so on) and, for a whole reference instead, image. */}}
{{- define "viche.image" -}}
{{- if .image -}}
{{- .image -}}
{{- else -}}
{{- $image := .root.Values.image -}}
{{- $repository := printf "%s/viche-%s" $image.registry .name -}}
{{- with get $image.digests .name -}}
{{- printf "%s@%s" $repository . -}}
{{- else -}}
{{- printf "%s:%s" $repository ($image.tag | default $.root.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Reference of the image with the command line. Takes the root. */}}
{{- define "viche.cliImage" -}}
{{- include "viche.image" (dict "root" . "name" "cli" "image" .Values.cli.image) -}}
{{- end }}

{{/* Services with a database of their own, in the order in which they are described, as a YAML list. */}}
{{- define "viche.databaseServices" -}}
[identity, petitions, surveys, social, notifications]
{{- end }}

{{/* Whom each component calls over gRPC, as a YAML map; NetworkPolicies and addresses follow from it. */}}
{{- define "viche.calls" -}}
gateway: [identity, petitions, surveys, social, notifications]
identity: []
petitions: [identity]
surveys: [identity]
social: [identity, notifications]
notifications: [identity, petitions, social]
cli: [identity, petitions, surveys, social, notifications]
{{- end }}

{{/* Components that keep files, as a YAML list. */}}
{{- define "viche.objectUsers" -}}
[petitions, surveys, social, gateway]
{{- end }}

{{/* Host of an address like https://petitions.example.org:8443. Takes the address; gives nothing for none. */}}
{{- define "viche.hostOf" -}}
{{- regexReplaceAll ":[0-9]+$" (get (urlParse (. | default "")) "host") "" -}}
{{- end }}

{{/* Hosts where the portal answers, as a YAML list: of region.url, of the brand, and more. Takes root and more. */}}
{{- define "viche.hosts" -}}
{{- $hosts := list (include "viche.hostOf" .root.Values.region.url) -}}
{{- range concat .root.Values.region.brand.hosts .more -}}
{{- $hosts = append $hosts (regexReplaceAll ":[0-9]+$" . "") -}}
{{- end -}}
{{- $hosts | uniq | compact | toYaml -}}
{{- end }}

{{/* Pods that a service may have at once, without those that come and go with an update. Takes a service's values. */}}
{{- define "viche.mostReplicas" -}}
{{- if .autoscaling.enabled }}{{ .autoscaling.maxReplicas | int }}{{ else }}{{ .replicas | int }}{{ end -}}
{{- end }}

{{/* Pods that a service has when nothing asks for more. Takes a service's values. */}}
{{- define "viche.fewestReplicas" -}}
{{- if .autoscaling.enabled }}{{ .autoscaling.minReplicas | int }}{{ else }}{{ .replicas | int }}{{ end -}}
{{- end }}

{{/* The same for migrations, past a pooler where there is one. Takes root and service. */}}
{{- define "viche.directSecret" -}}
{{- with .root.Values.migrations.existingSecret -}}
name: {{ . }}
key: {{ $.service }}
{{- else -}}
{{- include "viche.databaseSecret" . -}}
{{- end -}}
{{- end }}

{{/* Secret and key of the URL of a service's database, as a YAML map. Takes root and service. */}}
{{- define "viche.databaseSecret" -}}
{{- $own := get .root.Values.database.secrets .service | default dict -}}
name: {{ $own.existingSecret | default .root.Values.database.existingSecret }}
key: {{ $own.key | default .service }}
{{- end }}
